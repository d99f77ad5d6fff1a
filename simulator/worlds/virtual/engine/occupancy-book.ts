const AREA = 1;
const SINCE = 2;
const SPANS = 3;

/**
 * Two independent sums for every pool: the integral of held slots over time, and the sum of the times that each was held.
 *
 * Little's law makes them equal; a run in which they differ has lost or doubled a request.
 */
export class OccupancyBook {
  /** Four numbers a part: slots held, their integral (slot-ms), when it was last brought up to date (ms), and the sum of spans (ms). */
  private readonly rows: Float64Array;

  constructor(parts: number) {
    this.rows = new Float64Array(4 * parts);
  }

  enter(part: number, now: number): void {
    this.change(4 * part, now, 1);
  }

  leave(part: number, now: number): void {
    this.change(4 * part, now, -1);
  }

  /** Slot-seconds by either sum, until `now`. */
  sums(part: number, now: number): { busy_s: number; sojourn_s: number } {
    const spans = (this.rows[4 * part + SPANS] as number) + (this.rows[4 * part] as number) * now;
    return { busy_s: this.areaMs(part, now) / 1000, sojourn_s: spans / 1000 };
  }

  /** Slot-ms held until `now`. */
  areaMs(part: number, now: number): number {
    const i = 4 * part;
    return (this.rows[i + AREA] as number) + (this.rows[i] as number) * (now - (this.rows[i + SINCE] as number));
  }

  private change(i: number, now: number, by: number): void {
    const rows = this.rows;
    const held = rows[i] as number;
    rows[i + AREA] = (rows[i + AREA] as number) + held * (now - (rows[i + SINCE] as number));
    rows[i + SINCE] = now;
    rows[i + SPANS] = (rows[i + SPANS] as number) - by * now;
    rows[i] = held + by;
  }
}
