import type { Application, Population } from '../domain/application.ts';
import { quantile } from '../domain/distribution.ts';
import { add, type Demand, demandOf } from './demand.ts';

/** How often everything happens while one operation a second comes in, by the mix. */
export interface Rates {
  /** Calls of components, by requests and messages together. */
  components: Map<string, number>;
  /** Calls that operations make themselves: the request path. */
  direct: Map<string, number>;
  publications: Map<string, number>;
  reads: Map<string, number>;
  writes: Map<string, number>;
  lookups: Map<string, number>;
}

export interface RatesOptions {
  application: Application;
  calleesFirst: readonly string[];
  shares: ReadonlyMap<string, number>;
  missRatio: (edge: string) => number;
}

/** Carries the mix of operations through calls and messages, callers before callees. */
export function ratesOf(o: RatesOptions): Rates {
  const { application } = o;
  const rates: Rates = {
    components: new Map(),
    direct: new Map(),
    publications: new Map(),
    reads: new Map(),
    writes: new Map(),
    lookups: new Map(),
  };
  for (const [name, operation] of Object.entries(application.operations)) {
    const demand = demandOf(operation.steps, o.missRatio);
    const share = o.shares.get(name) ?? 0;
    for (const [component, count] of demand.calls) add(rates.direct, component, share * count);
    spread(rates, { demand, weight: share, application });
  }
  for (const name of o.calleesFirst.toReversed()) {
    const weight = rates.components.get(name) ?? 0;
    if (weight > 0)
      spread(rates, { demand: demandOf(application.components[name]?.steps ?? [], o.missRatio), weight, application });
  }
  return rates;
}

function spread(rates: Rates, o: { demand: Demand; weight: number; application: Application }): void {
  for (const kind of ['reads', 'writes', 'lookups'] as const) {
    for (const [name, count] of o.demand[kind]) add(rates[kind], name, o.weight * count);
  }
  for (const [component, count] of o.demand.calls) add(rates.components, component, o.weight * count);
  for (const [name, count] of o.demand.publishes) {
    add(rates.publications, name, o.weight * count);
    for (const [component, consumer] of Object.entries(o.application.events[name]?.consumers ?? {})) {
      const messages = consumer.messages_per === undefined ? 1 : messagesPer(o.application.users, consumer.messages_per);
      add(rates.components, component, o.weight * count * messages);
    }
  }
}

/**
 * Mean messages of one publication: one for each `each` units of the attribute begun, when every user is as likely to publish.
 *
 * The midpoint rule runs over t with p = 1 - t^2, which resolves heavy tails: the last point stands for one user in ten million.
 */
export function messagesPer(users: Population, o: { attribute: string; each: number }): number {
  const law = users.attributes[o.attribute];
  if (law === undefined) return 1;
  const n = 2048;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const t = (i + 0.5) / n;
    // Ranks end at half a user: the law's further tail has nobody in it.
    const p = Math.min(1 - t * t, 1 - 0.5 / users.count);
    sum += (Math.max(1, Math.ceil(quantile(law, p) / o.each)) * 2 * t) / n;
  }
  return sum;
}
