import type { Usage } from '../../../domain/cell.ts';
import { mix, PURPOSE, uniform } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { TokenBucket } from '../../../domain/token-bucket.ts';

export const GATE = { ok: 0, throttled: 1, payload: 2 } as const;

/** New connections a second and GB an hour that one load balancer capacity unit covers. Source: AWS ELB pricing, 2026-03-11. */
const LCU_CONNECTIONS = 25;
const LCU_GB = 1;

/**
 * The front door: an HTTP API or a load balancer. It adds a little latency, limits rate and payload, and is where answers leave the cloud.
 *
 * Simplified: every request opens a connection, the dearest case for load balancer units; of the four dimensions of a unit, connections and
 * bytes are counted, over the whole run instead of hour by hour. Answers may have any size (an HTTP API stops at 10 MB).
 */
export class Gateway {
  outcome: number = GATE.ok;
  private readonly added: Sampler;
  private readonly cpuMs: number;
  /** When its thread has done what it was given. */
  private threadFree = 0;
  private readonly bucket: TokenBucket;
  private readonly payloadLimitKb: number;
  private readonly part: Part;
  private requests = 0;
  private inKb = 0;
  private outKb = 0;

  constructor(part: Part, _o: { seed: number }) {
    this.part = part;
    this.added = samplerOf(part, 'added_ms');
    this.cpuMs = numberOf(part, 'cpu_ms');
    this.bucket = new TokenBucket(numberOf(part, 'burst'), numberOf(part, 'rate_limit_per_s'));
    this.payloadLimitKb = numberOf(part, 'payload_limit_kb');
  }

  /** When a request of `kb` leaves the front door; `key` is the request's own. Sets `outcome`. */
  admit(now: number, kb: number, key: number): number {
    const { added } = this;
    const back = this.worked(now) + (added.isConstant ? added.mean : added.at(uniform(mix(key, PURPOSE.store))));
    if (kb > this.payloadLimitKb) this.outcome = GATE.payload;
    else if (!this.bucket.take(now, 1)) this.outcome = GATE.throttled;
    else {
      this.outcome = GATE.ok;
      this.requests++;
      this.inKb += kb;
    }
    return back;
  }

  /** When its thread has worked on a request that comes at `now`, one after the other. */
  private worked(now: number): number {
    if (this.cpuMs === 0) return now;
    this.threadFree = Math.max(now, this.threadFree) + this.cpuMs;
    return this.threadFree;
  }

  /** An answer of `kb` went out to a user. */
  respond(kb: number): void {
    this.outKb += kb;
  }

  usage(endedAt: number): Usage[] {
    const component = this.part.owner;
    const out: Usage = { component, item: 'transfer-out-gb', quantity: this.outKb / 1e6 };
    if (this.part.words.type !== 'load-balancer') return [out, { component, item: 'gateway-requests', quantity: this.requests }];
    const byConnections = this.requests / LCU_CONNECTIONS / 3600;
    const byBytes = (this.inKb + this.outKb) / 1e6 / LCU_GB;
    return [
      out,
      { component, item: 'load-balancer-hours', quantity: endedAt / 3_600_000 },
      { component, item: 'load-balancer-units', quantity: Math.max(byConnections, byBytes) },
    ];
  }
}
