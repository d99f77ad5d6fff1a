import { beforeAll, describe, expect, it } from 'vitest';
import { defineScenario } from '../../simulator/domain/scenario.ts';
import { ask, type Outcome } from '../virtual/what-if.ts';

/**
 * LIBRA (arXiv 2104.05491) says that servers for the base with functions for the bursts cost up to half of either alone. Its experiment
 * here, on a load of our own: one-second requests of 512 MB that mostly wait, 143 a second in the mean and eight times that in bursts.
 */
const BURSTS = defineScenario({
  name: 'bursts',
  description: 'One-second requests in bursts.',
  application: {
    name: 'bursts',
    description: 'One service.',
    users: { count: 1000 },
    objects: { count: 1000 },
    components: {
      work: { description: 'mostly waits', cpu_ms: 20, io_ms: { kind: 'lognormal', p50: 950, p99: 1400 }, memory_mb: 512 },
    },
    operations: { ask: { description: 'one request', steps: [{ call: 'work' }] } },
  },
  workload: {
    duration_s: 3102,
    arrivals: { kind: 'on-off', on: 1168, off: 80, on_s: 60, off_s: 974 },
    sessions: { think_ms: 1000, start: { ask: 1 }, next: { ask: { leave: 1 } } },
  },
  strategies: ['all-functions', 'all-servers', 'hybrid-burst'],
  // LIBRA knows no limit of an account; a second's work at the peak needs more than the default of 1,000.
  parameters: { 'account.concurrency': 3000 },
});

describe('a bursty load', () => {
  const outcomes: Record<string, Outcome> = {};
  const usd = (name: string) => outcomes[name]!.usd('work');
  const unserved = (name: string) => {
    const { sent, served } = outcomes[name]!.result.operations[0]!;
    return 1 - served / sent;
  };
  beforeAll(() => {
    const o = { base: BURSTS, rate: 1, length_s: 3102 };
    for (const strategy of BURSTS.strategies as string[]) outcomes[strategy] = ask(strategy, [], o);
    const peak = { ...BURSTS, controller: { name: 'static' } };
    outcomes['servers for the peak'] = ask('all-servers', [], { ...o, base: peak });
  }, 60_000);

  it('is carried by servers for the base and functions for the bursts at less than functions alone cost', () => {
    expect(unserved('hybrid-burst')).toBeLessThan(0.005);
    expect(unserved('all-functions')).toBeLessThan(0.005);
    expect(usd('hybrid-burst')).toBeLessThan(0.8 * usd('all-functions'));
  });

  it('costs less so than on servers enough for its peak', () => {
    expect(unserved('servers for the peak')).toBeLessThan(0.005);
    expect(usd('hybrid-burst')).toBeLessThan(0.8 * usd('servers for the peak'));
  });

  it('is too fast for servers that are started when it comes, however cheap they are', () => {
    expect(unserved('all-servers')).toBeGreaterThan(0.1);
    expect(usd('all-servers')).toBeLessThan(usd('hybrid-burst'));
  });
});
