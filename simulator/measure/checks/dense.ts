const PAGE = 65_536;

type Page = Float64Array | Int32Array | Uint8Array;

/** Numbers by dense integer keys, as a page of them is needed; `empty` where nothing was set. `Kind` says how large a number is. */
export class Dense {
  private readonly pages: Page[] = [];
  private readonly empty: number;
  private readonly kind: new (
    length: number,
  ) => Page;

  constructor(empty: number, kind: new (length: number) => Page = Float64Array) {
    this.empty = empty;
    this.kind = kind;
  }

  get(key: number): number {
    const page = this.pages[key >>> 16];
    return page === undefined ? this.empty : (page[key & (PAGE - 1)] as number);
  }

  set(key: number, value: number): void {
    while (this.pages.length <= key >>> 16) this.pages.push(new this.kind(PAGE).fill(this.empty));
    (this.pages[key >>> 16] as Page)[key & (PAGE - 1)] = value;
  }

  /** Calls `visit` for every key that was set, in rising order. */
  forEach(visit: (key: number, value: number) => void): void {
    this.pages.forEach((page, p) => {
      for (let i = 0; i < PAGE; i++) if (page[i] !== this.empty) visit(p * PAGE + i, page[i] as number);
    });
  }
}
