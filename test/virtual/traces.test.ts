import { describe, expect, it } from 'vitest';
import { criticalPath, phasesOf } from '../../reports/critical-path.ts';
import type { CellResult } from '../../simulator/domain/cell.ts';
import type { Span, Trace } from '../../simulator/domain/trace.ts';
import { consume, FUNCTION, play, type Small, servers } from './small.ts';

const end = (span: Span) => span.start_us + span.duration_us;

/** Spans of a trace as `name from-to`, in ms after the intended time. */
function timesOf(trace: Trace | undefined): string[] {
  const start = trace?.spans[0]?.start_us ?? 0;
  return (trace?.spans ?? []).map((span) => `${span.name} ${(span.start_us - start) / 1000}-${(end(span) - start) / 1000}`);
}

const slowest = (result: CellResult) => result.traces?.find((trace) => trace.picks.includes('slowest'));

/** What must hold of every trace, whatever happened in it. */
function unsound({ traces = [], operations }: CellResult): string[] {
  return traces.flatMap((trace) => {
    const byId = new Map(trace.spans.map((span) => [span.span, span]));
    const [root] = trace.spans;
    const path = criticalPath(trace).reduce((sum, stretch) => sum + stretch.to_us - stretch.from_us, 0);
    const longest = operations.find((one) => one.name === trace.operation)?.latency.max_us;
    const problems = trace.spans.flatMap((span) => {
      const parent = byId.get(span.parent ?? '');
      if (span === root) return span.parent === null ? [] : ['the root has a parent'];
      if (parent === undefined) return [`${span.name} has no parent`];
      if (span.duration_us < 0 || span.start_us < parent.start_us) return [`${span.name} begins before ${parent.name}`];
      const mayOutlast = span.is_linked || isAbandoned(parent, byId);
      return end(span) > end(parent) && !mayOutlast ? [`${span.name} outlasts ${parent.name}`] : [];
    });
    if (byId.size !== trace.spans.length) problems.push('two spans have one id');
    if (root?.duration_us !== trace.latency_us) problems.push('the root does not last as long as the latency');
    if (path !== trace.latency_us) problems.push(`the critical path takes ${path} us of ${trace.latency_us}`);
    if (trace.picks.includes('slowest') && trace.latency_us !== longest) problems.push('the slowest is not the slowest');
    return problems.map((problem) => `${trace.operation} ${trace.action}: ${problem}`);
  });
}

/** What nobody waits for any more, since somebody above has given up or lost it, goes on by itself. */
function isAbandoned(span: Span, byId: ReadonlyMap<string, Span>): boolean {
  for (let at: Span | undefined = span; at; at = byId.get(at.parent ?? '')) if (at.has_failed) return true;
  return false;
}

const SHOP: Small = {
  components: {
    station: {
      description: 'reads, works, publishes',
      cpu_ms: 10,
      io_ms: 3,
      steps: [{ read: 'rows' }, { write: 'rows', effect: 'accepted' }, { publish: 'made' }],
    },
    helper: { description: 'consumes', cpu_ms: 20 },
  },
  operations: {
    work: { description: 'one thing', creates: 'thing', attempts: 1, timeout_ms: 60_000, steps: [{ call: 'station' }] },
  },
  entities: { thing: { accepted: 'accepted' } },
  datasets: { rows: { description: 'rows', shape: 'key-value' } },
  events: { made: { description: 'made', consumers: { helper: {} } } },
  overrides: {
    components: { ...servers(1), helper: { platform: 'function', memory_mb: 1769 } },
    datasets: { rows: { store: 'dynamodb' } },
    events: { made: { channel: 'sqs' } },
  },
  parameters: { 'sqs.send_ms': 4, 'sqs.delivery_ms': 7, 'gateway.client_ms': 5, 'gateway.added_ms': 1, 'gateway.hop_ms': 2 },
  duration_s: 10,
};

describe('a trace of one request', () => {
  it('has the times that paper has: network, front door, hops, CPU, store, publication, and the message behind it', () => {
    const result = play({ ...SHOP, traces: 'picked' });
    expect(timesOf(slowest(result))).toEqual([
      'work 0-45',
      'attempt 0-45',
      'work 5-40',
      'station 6-40',
      'station 8-38',
      'cpu 8-18',
      'wait for a third party 18-21',
      'read rows 21-26',
      'write rows 26-34',
      'send made 34-38',
      'in queue 34-41',
      'helper 41-61',
      'cpu 41-61',
    ]);
    expect(unsound(result)).toEqual([]);
  });

  it('divides its latency among what it was spent on, without a remainder', () => {
    const [trace] = play({ ...SHOP, traces: 'picked' }).traces ?? [];
    expect(phasesOf(criticalPath(trace as Trace))).toEqual([
      { phase: 'network', us: 15_000 },
      { phase: 'compute', us: 13_000 },
      { phase: 'store', us: 13_000 },
      { phase: 'channel', us: 4_000 },
    ]);
  });

  it('shows a cold start, and calls it one', () => {
    const result = play({
      overrides: { components: FUNCTION },
      parameters: { 'function.init_ms': 300 },
      duration_s: 5,
      traces: 'picked',
    });
    expect(timesOf(slowest(result)).slice(-2)).toEqual(['cold start 0-300', 'cpu 300-310']);
    expect(slowest(result)?.spans.find((span) => span.phase === 'cold-start')?.attributes).toMatchObject({
      'faas.coldstart': true,
    });
  });

  it('shows the wait for a slot', () => {
    const component = { description: 'slow', cpu_ms: 1500 };
    const result = play({
      components: { station: component },
      overrides: { components: servers(1) },
      duration_s: 4,
      traces: 'picked',
    });
    expect(timesOf(slowest(result)).slice(-2)).toEqual(['wait for a slot 0-1000', 'cpu 1000-2500']);
    expect(unsound(result)).toEqual([]);
  });

  it('follows every attempt, with the pause between them', () => {
    const component = { description: 'fails', cpu_ms: 10, error_rate: 0.5 };
    const operation = { description: 'one request', attempts: 4, timeout_ms: 60_000, steps: [{ call: 'station' }] };
    const result = play({
      components: { station: component },
      operations: { work: operation },
      overrides: { components: servers(1) },
      traces: 'sampled',
    });
    const tried = (result.traces ?? []).map((trace) => trace.spans.filter((span) => span.name === 'attempt').length);
    expect(Math.max(...tried)).toBeGreaterThan(2);
    expect(tried).toContain(1);
    expect(unsound(result)).toEqual([]);
  });

  it('ends at the answer while what has timed out goes on', () => {
    const component = { description: 'slow', cpu_ms: 300 };
    const operation = { description: 'one request', attempts: 1, timeout_ms: 100, steps: [{ call: 'station' }] };
    const result = play({
      components: { station: component },
      operations: { work: operation },
      overrides: { components: servers(1) },
      traces: 'sampled',
    });
    expect([...new Set(result.traces?.map((trace) => `${trace.outcome} ${trace.latency_us}`))]).toEqual(['timed-out 100000']);
    expect(unsound(result)).toEqual([]);
  });
});

describe('traces of a run', () => {
  const played = (o: Partial<Small>) => play({ ...SHOP, rate: 40, duration_s: 20, ...o });

  it('change no other figure, and are the same bytes for the same seed', () => {
    const { traces, ...rest } = played({ traces: 'sampled' });
    expect(traces?.length).toBeGreaterThan(60);
    expect(JSON.stringify(rest)).toBe(JSON.stringify(played({})));
    expect(JSON.stringify(played({ traces: 'sampled' }).traces)).toBe(JSON.stringify(traces));
  });

  it('are sound under faults, redelivery and a broker that stops', () => {
    const faults: Small['faults'] = [
      { kind: 'kill', target: 'station', at_s: 5, for_s: 3, amount: 0.5 },
      { kind: 'slow', target: 'rows', at_s: 8, for_s: 5, amount: 40 },
    ];
    expect(unsound(played({ faults, traces: 'sampled' }))).toEqual([]);
    const failing = { station: { error_rate: 0.4 }, rate: 20, duration_s: 20, traces: 'sampled' as const };
    const back = consume({ ...failing, parameters: { 'sqs.visibility_timeout_s': 2 } });
    expect(unsound(back)).toEqual([]);
    expect(JSON.stringify(back.traces)).toContain('"placement_lab.receive":2');
  });

  it('sample the same requests whatever the strategy makes of them', () => {
    const actions = (result: CellResult) =>
      result.traces
        ?.filter((trace) => !trace.picks.includes('slowest'))
        .map((trace) => trace.action)
        .sort((a, b) => a - b);
    const slow = played({ parameters: { ...SHOP.parameters, 'dynamodb.read_ms': 20 }, traces: 'sampled' });
    const both = new Set([...(actions(slow) ?? []), ...(actions(played({ traces: 'sampled' })) ?? [])]);
    expect(both.size).toBeLessThan(67);
  });
});
