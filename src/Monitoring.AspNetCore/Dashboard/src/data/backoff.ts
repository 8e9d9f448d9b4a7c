const least = 500;
const most = 15_000;

/**
 * How long to wait before the next try: longer after each failure, and by chance, so that pages which lost the same service
 * do not come back together. "Decorrelated jitter" of M. Brooker, Exponential Backoff And Jitter (AWS, 2015).
 */
export class Backoff {
  private before = least;

  constructor(private readonly random: () => number = Math.random) {}

  /** Milliseconds, 500 to 15,000. */
  next(): number {
    this.before = Math.min(most, least + this.random() * (this.before * 3 - least));
    return this.before;
  }

  reset(): void {
    this.before = least;
  }
}
