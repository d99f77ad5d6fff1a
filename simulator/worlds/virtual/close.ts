import type { CellResult, PoolResult, Usage } from '../../domain/cell.ts';
import { numberOf, plannedPool } from '../../domain/part-values.ts';
import type { Part } from '../../domain/plan.ts';
import type { World } from './world.ts';

/** Ends the books at `lastMs` and checks what must always hold. */
export function resultOf(world: World, lastMs: number): CellResult {
  const { cell, recorder, ledger, delivery, client } = world;
  client.closePending();
  for (const pool of world.functions) pool?.close(lastMs);
  const pending = delivery.pendingCauses();
  const underWay = new Set([...world.frames.actions(), ...delivery.actions()]);
  const checks = ledger.finish({
    at_ms: lastMs,
    isPending: (cause) => pending[cause] === 1,
    isUnderWay: (entity) => underWay.has(entity),
  });
  const result: CellResult = {
    schema: 'cell-result@1',
    strategy: cell.plan.strategy,
    seed: cell.seed,
    rate: cell.rate,
    slice_s: recorder.sliceMs / 1000,
    operations: recorder.operations(),
    lags: recorder.lags(),
    usage: merged(usageOf(world, lastMs)),
    checks,
    pools: cell.plan.parts.flatMap((part, i) => poolOf(world, part, { index: i, lastMs })),
    served_total: recorder.servedTotal,
    duration_s: world.endMs / 1000,
    drained_s: lastMs / 1000,
    counters: { requests: recorder.requests, events: world.eventCount, wall_ms: 0 },
    broken: [],
  };
  result.broken = brokenInvariants(result);
  if (ledger.log) result.ledger = ledger.log;
  if (world.tracer) result.traces = world.tracer.traces(lastMs);
  return result;
}

function poolOf(world: World, part: Part, o: { index: number; lastMs: number }): PoolResult[] {
  const pool = world.functions[o.index];
  const machine = world.servers[o.index] ?? world.gpus[o.index];
  const planned = plannedPool(part);
  if (planned === undefined) return [];
  return [
    {
      ...planned,
      timeline: world.operate.timelines[o.index] ?? [],
      littles: world.calls.book.sums(o.index, o.lastMs),
      colds: pool?.colds ?? 0,
      calls: pool?.calls ?? machine?.calls ?? 0,
      ...(machine?.fleet.spot === undefined ? {} : { interruptions: machine.fleet.spot.interruptions }),
      alive_s: (pool?.aliveMs ?? machine?.fleet.existedUntil(o.lastMs) ?? 0) / 1000,
    },
  ];
}

/** Everything metered, by the parts that metered it, and what only the whole can count: traffic between parts. */
function usageOf(world: World, lastMs: number): Usage[] {
  const { functions, servers, gpus, queues, edges, stores, gateway, endMs } = world;
  const parts = [...servers, ...gpus, ...queues, ...edges].flatMap((part) => part?.usage(lastMs) ?? []);
  const broker = world.broker?.broker.usage(endMs) ?? [];
  const pools = functions.flatMap((pool) => pool?.usage(endMs) ?? []);
  return [...parts, ...broker, ...pools, ...stores.usage(endMs), ...gateway.usage(endMs), ...trafficOf(world)];
}

/**
 * Traffic between zones and through NAT gateways, for calls of components on machines: functions are called through a regional endpoint,
 * and messages through a queue, neither of which bills the way between zones.
 *
 * Simplified: calls that come straight from a load balancer are counted too, accesses to the database are not; a bill of a system with
 * large answers and few parts would show it.
 */
function trafficOf(world: World): Usage[] {
  const { plan } = world.cell;
  const gateway = plan.parts.find((p) => p.kind === 'gateway');
  if (gateway === undefined) return [];
  const crossing = numberOf(gateway, 'cross_zone_share');
  const lines: Usage[] = [
    { component: 'gateway', item: 'nat-hours', quantity: numberOf(gateway, 'nat_gateways') * (world.endMs / 3_600_000) },
  ];
  plan.components.forEach((c, i) => {
    if (plan.parts[c.part]?.sizing === undefined) return;
    const calls = world.calls.count[i] as number;
    const kb = calls * (c.request_kb + c.response_kb);
    // Each gigabyte between zones is paid on both sides.
    lines.push({ component: c.name, item: 'transfer-zone-gb', quantity: (2 * crossing * kb) / 1e6 });
    const waits = typeof c.io_ms !== 'number' || c.io_ms > 0;
    if (waits) lines.push({ component: c.name, item: 'nat-gb', quantity: (calls * numberOf(gateway, 'nat_kb')) / 1e6 });
  });
  return lines;
}

/** One line per component and item, in order of name. */
function merged(usage: readonly Usage[]): Usage[] {
  const sums = new Map<string, Usage>();
  for (const line of usage) {
    const key = `${line.component}\n${line.item}`;
    const known = sums.get(key);
    if (known) known.quantity += line.quantity;
    else sums.set(key, { ...line });
  }
  return [...sums.values()]
    .filter((line) => line.quantity > 0)
    .sort((a, b) => (a.component < b.component ? -1 : a.component > b.component ? 1 : a.item < b.item ? -1 : 1));
}

function brokenInvariants(result: CellResult): string[] {
  const broken: string[] = [];
  for (const o of result.operations) {
    const settled = o.served + o.refused + o.timed_out + o.failed + o.pending;
    if (settled !== o.sent) broken.push(`${o.name}: sent ${o.sent} but settled ${settled}`);
    if (o.latency.count !== o.served) broken.push(`${o.name}: served ${o.served} but timed ${o.latency.count}`);
  }
  for (const { name, littles } of result.pools) {
    const { busy_s, sojourn_s } = littles;
    if (Math.abs(busy_s - sojourn_s) > 1e-6 * Math.max(1, busy_s)) {
      broken.push(`${name}: Little's law fails: ${busy_s} slot-seconds held, ${sojourn_s} spent`);
    }
  }
  for (const line of result.usage) if (!(line.quantity >= 0)) broken.push(`${line.component}: ${line.item} is ${line.quantity}`);
  return broken;
}
