/** Stands in for uPlot, which needs a canvas: keeps what it is given, and calls what it would draw labels with. */
export default class FakeUplot {
  static readonly made: FakeUplot[] = [];
  data: unknown;

  constructor(
    readonly options: { series: { label: string }[] },
    data: unknown,
    readonly host: HTMLElement,
  ) {
    this.data = data;
    FakeUplot.made.push(this);
  }

  setData(data: unknown): void {
    this.data = data;
  }

  setSize(): void {}

  redraw(): void {}

  destroy(): void {}
}
