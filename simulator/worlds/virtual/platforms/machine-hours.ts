/** EC2 bills by the second, and each launch for a minute at least. */
const LEAST_MS = 60_000;

/**
 * Time of machines that are bought in one way: what exists until T, what an early end is billed on top, and work after T.
 *
 * `prepaid` machines are paid for whether they exist or not, so only those above them are counted here.
 */
export class MachineHours {
  existing = 0;
  private countedAt = 0;
  private existedMs = 0;
  private aboveMs = 0;
  private shortfallMs = 0;
  private workAfterMs = 0;
  private readonly endMs: number;
  private readonly prepaid: number;

  constructor(endMs: number, prepaid: number) {
    this.endMs = endMs;
    this.prepaid = prepaid;
  }

  launched(now: number): void {
    this.account(now);
    this.existing++;
  }

  left(now: number, launchedAt: number): void {
    this.account(now);
    this.existing--;
    const short = LEAST_MS - (now - launchedAt);
    if (short > 0 && now < this.endMs) this.shortfallMs += short;
  }

  /** A machine has worked from `from` until `now`. */
  worked(from: number, now: number): void {
    if (now > this.endMs) this.workAfterMs += now - Math.max(this.endMs, from);
  }

  /** Machine-ms that existed until T. */
  existedUntil(now: number): number {
    this.account(now);
    return this.existedMs;
  }

  /** Machine-ms to be paid for at the end of the run. */
  billedMs(now: number): number {
    this.account(Math.max(now, this.endMs));
    return this.aboveMs + this.shortfallMs + this.workAfterMs;
  }

  private account(now: number): void {
    const span = Math.min(now, this.endMs) - this.countedAt;
    if (span <= 0) return;
    this.existedMs += this.existing * span;
    this.aboveMs += Math.max(0, this.existing - this.prepaid) * span;
    this.countedAt += span;
  }
}
