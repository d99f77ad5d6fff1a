/**
 * Two independent sums for every pool: the integral of held slots over time, and the sum of the times that each was held.
 *
 * Little's law makes them equal; a run in which they differ has lost or doubled a request.
 */
export class OccupancyBook {
  readonly held: Int32Array;
  private readonly area: Float64Array;
  private readonly spans: Float64Array;
  private readonly since: Float64Array;

  constructor(parts: number) {
    this.held = new Int32Array(parts);
    this.area = new Float64Array(parts);
    this.spans = new Float64Array(parts);
    this.since = new Float64Array(parts);
  }

  enter(part: number, now: number): void {
    this.advance(part, now);
    this.held[part] = (this.held[part] as number) + 1;
    this.spans[part] = (this.spans[part] as number) - now;
  }

  leave(part: number, now: number): void {
    this.advance(part, now);
    this.held[part] = (this.held[part] as number) - 1;
    this.spans[part] = (this.spans[part] as number) + now;
  }

  /** Slot-seconds by either sum, until `now`. */
  sums(part: number, now: number): { busy_s: number; sojourn_s: number } {
    this.advance(part, now);
    const open = (this.held[part] as number) * now;
    return { busy_s: (this.area[part] as number) / 1000, sojourn_s: ((this.spans[part] as number) + open) / 1000 };
  }

  /** Slot-ms held until `now`. */
  areaMs(part: number, now: number): number {
    this.advance(part, now);
    return this.area[part] as number;
  }

  private advance(part: number, now: number): void {
    this.area[part] = (this.area[part] as number) + (this.held[part] as number) * (now - (this.since[part] as number));
    this.since[part] = now;
  }
}
