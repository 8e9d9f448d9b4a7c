interface Options {
  readonly series: readonly { readonly label: string }[];
  readonly hooks: { readonly setLegend: readonly ((self: FakeUplot) => void)[] };
}

/** Stands in for uPlot, which needs a canvas: keeps what it is given, and puts each point ten pixels beside the one before. */
export default class FakeUplot {
  static readonly made: FakeUplot[] = [];
  readonly cursor = { left: -10 };
  /** The point that the legend has the figures of. */
  legend: number | null = null;

  constructor(
    readonly options: Options,
    public data: [number[], ...(number | null)[][]],
    readonly host: HTMLElement,
  ) {
    FakeUplot.made.push(this);
    this.leave();
  }

  setData(data: FakeUplot["data"]): void {
    this.data = data;
    this.leave();
  }

  setCursor({ left }: { left: number }): void {
    this.cursor.left = left;
    if (left < 0) this.leave();
    else this.legend = this.posToIdx(left);
  }

  setLegend({ idx }: { idx: number }): void {
    this.legend = idx;
  }

  valToPos(time: number): number {
    return this.data[0].indexOf(time) * 10;
  }

  posToIdx(left: number): number {
    return Math.round(left / 10);
  }

  setSize(): void {}

  redraw(): void {}

  destroy(): void {}

  private leave(): void {
    this.legend = null;
    this.options.hooks.setLegend.forEach((hook) => hook(this));
  }
}
