import type { Usage } from '../../domain/cell.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { Part, Plan } from '../../domain/plan.ts';
import { provisionedGbS } from '../../domain/provisioned.ts';
import { type SingleStep, stepsOf } from '../../domain/steps.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import type { GatewayState } from './platforms/gateway.ts';

const HOUR_S = 3600;
const MONTH_S = 730 * HOUR_S;

/** What a live run counted. */
export interface Counted {
  plan: Plan;
  duration_s: number;
  gateway: GatewayState;
  /** Runs of each component, whether called or by message. */
  runs: readonly number[];
  /** By part: machine-seconds that existed. */
  machine_s: ReadonlyMap<number, number>;
  /** By part. */
  functions: ReadonlyMap<number, FunctionMetrics>;
  /** By queue part: messages that went through it. */
  messages: ReadonlyMap<number, number>;
}

/**
 * Usage in the price book's items: what was metered by the parts, and what follows from counts of runs and messages.
 *
 * Simplified: accesses to stores are counted from the programs of what ran, so what ended half-way counts as whole; a message of SQS is one
 * send, one receive and one delete; traffic between zones is not counted, since there is one machine.
 */
export function usageOf(c: Counted): Usage[] {
  const { plan } = c;
  const parts = plan.parts.flatMap((part, i) => partUsage(c, part, i));
  const sums = new Map<string, Usage>();
  for (const line of [...parts, ...accesses(c)]) {
    const key = `${line.component}\n${line.item}`;
    sums.set(key, { ...line, quantity: line.quantity + (sums.get(key)?.quantity ?? 0) });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, line]) => (line.quantity > 0 ? [line] : []));
}

function partUsage(c: Counted, part: Part, i: number): Usage[] {
  const component = part.owner;
  const value = (name: string) => numberOf(part, name);
  const hours = c.duration_s / HOUR_S;
  switch (part.kind) {
    case 'gateway':
      return gatewayUsage(c, part);
    case 'server':
    case 'gpu': {
      const alive_s = c.machine_s.get(i) ?? 0;
      return [
        { component, item: `server-hours:${part.words.instance ?? 'unknown'}`, quantity: alive_s / HOUR_S },
        { component, item: 'disk-gb-months', quantity: (alive_s / MONTH_S) * value('disk_gb') },
      ];
    }
    case 'function': {
      const metrics = c.functions.get(i);
      if (metrics === undefined) return [];
      const architecture = part.words.architecture ?? 'arm64';
      const kept = provisionedGbS({ count: value('provisioned'), memory_gb: value('memory_mb') / 1024, kept_s: c.duration_s });
      return [
        { component, item: 'function-requests', quantity: metrics.invocations },
        { component, item: `function-gb-s:${architecture}`, quantity: metrics.gb_s },
        { component, item: 'logs-gb', quantity: (metrics.invocations * value('log_kb')) / 1e6 },
        { component, item: `function-provisioned-gb-s:${architecture}`, quantity: kept },
        { component, item: `function-provisioned-duration-gb-s:${architecture}`, quantity: metrics.provisioned_gb_s },
      ];
    }
    case 'edge': {
      const lookups = c.gateway.edges.find((edge) => edge.part === i)?.lookups ?? 0;
      return [{ component, item: 'edge-requests', quantity: lookups }];
    }
    case 'sqs':
    case 'sqs-fifo':
      return [{ component, item: `${part.kind}-requests`, quantity: 3 * (c.messages.get(i) ?? 0) }];
    case 'broker':
      return [
        { component, item: `broker-hours:${part.words.instance}`, quantity: value('nodes') * hours },
        { component, item: 'broker-gb-months', quantity: (value('nodes') * value('disk_gb') * c.duration_s) / MONTH_S },
      ];
    case 'postgres':
      return [
        { component, item: `postgres-hours:${part.words.instance ?? 'db.m7g.large'}`, quantity: hours },
        { component, item: 'postgres-gb-months', quantity: (storedGb(c.plan, i) * c.duration_s) / MONTH_S },
      ];
    case 'dynamodb':
    case 's3':
      return [{ component, item: `${part.kind}-gb-months`, quantity: (storedGb(c.plan, i) * c.duration_s) / MONTH_S }];
    default:
      return [];
  }
}

/** New connections a second and GB an hour that one load balancer capacity unit covers. Source: AWS ELB pricing, 2026-03-11. */
const LCU_CONNECTIONS = 25;

function gatewayUsage({ gateway, duration_s }: Counted, part: Part): Usage[] {
  const component = part.owner;
  const out: Usage = { component, item: 'transfer-out-gb', quantity: gateway.out_kb / 1e6 };
  if (part.words.type !== 'load-balancer') return [out, { component, item: 'gateway-requests', quantity: gateway.requests }];
  const units = Math.max(gateway.requests / LCU_CONNECTIONS / HOUR_S, (gateway.in_kb + gateway.out_kb) / 1e6);
  return [
    out,
    { component, item: 'load-balancer-hours', quantity: duration_s / HOUR_S },
    { component, item: 'load-balancer-units', quantity: units },
  ];
}

/** Units of DynamoDB and requests of S3, by the programs of what ran. */
function accesses({ plan, runs }: Counted): Usage[] {
  return plan.components.flatMap(({ program }, i) =>
    stepsOf(program).flatMap((step) => accessUsage(plan, step, runs[i] as number)),
  );
}

function accessUsage(plan: Plan, step: SingleStep, runs: number): Usage[] {
  if (step.do !== 'read' && step.do !== 'write' && step.do !== 'settle') return [];
  const dataset = plan.datasets[step.dataset];
  const part = plan.parts[dataset?.part ?? -1];
  if (dataset === undefined || part === undefined) return [];
  const [component, times] = [part.owner, runs * step.items];
  if (part.kind === 's3') return [{ component, item: step.do === 'read' ? 's3-gets' : 's3-puts', quantity: times }];
  if (part.kind !== 'dynamodb') return [];
  if (step.do !== 'read') return [{ component, item: 'dynamodb-write-units', quantity: times * Math.ceil(dataset.item_kb) }];
  const isStrict = step.consistent || dataset.consistent_reads;
  return [{ component, item: 'dynamodb-read-units', quantity: times * Math.ceil(dataset.item_kb / 4) * (isStrict ? 1 : 0.5) }];
}

function storedGb(plan: Plan, part: number): number {
  return plan.datasets.filter((d) => d.part === part).reduce((sum, d) => sum + d.stored_gb, 0);
}
