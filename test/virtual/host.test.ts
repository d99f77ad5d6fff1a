import { describe, expect, it } from 'vitest';
import { stretchOf, wayStretches } from '../../simulator/measure/calibrate/bursts.ts';
import { SharedCores } from '../../simulator/worlds/virtual/engine/shared-cores.ts';
import { FUNCTION, maxMs, meanMs, metered, outcomes, play, servers } from './small.ts';
import { four, READ, store, WRITE } from './stores.ts';

const CALL = { call: 'station' };
const PARALLEL = { work: { description: 'four at once', attempts: 1, steps: [{ parallel: [CALL, CALL, CALL, CALL] }] } };
const ON_TWO = { 'host.cores': 2 };

describe('cores that are shared evenly', () => {
  it('give each a core while there is one, and then its part of them', () => {
    const cores = new SharedCores<string>(2);
    cores.add('long', 30, 0);
    cores.add('short', 6, 0);
    expect(cores.nextAt).toBe(6);
    cores.add('late', 4, 3);
    // Three share two cores from 3 on: `short` has 3 left, `late` 4.
    expect(cores.nextAt).toBeCloseTo(3 + 3 * 1.5, 9);
    expect(cores.take()).toBe('short');
    expect(cores.nextAt).toBeCloseTo(7.5 + 1, 9);
    expect(cores.take()).toBe('late');
    // 3 alone, 3 of the 4.5 that three were there, and 1.
    expect(cores.nextAt).toBeCloseTo(8.5 + 30 - 7, 9);
    expect(cores.take()).toBe('long');
    expect(cores.nextAt).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a host whose cores all instances share, on paper', () => {
  it('changes nothing for who has a core', () => {
    expect(meanMs(play({ overrides: { components: FUNCTION }, parameters: ON_TWO }))).toBeCloseTo(10, 6);
    expect(meanMs(play({ overrides: { components: servers(1) }, parameters: ON_TWO }))).toBeCloseTo(10, 6);
  });

  it.each([
    ['one instance works off one after the other', servers(1, 4), { 'server.cores': 1 }, 40],
    ['four instances share two cores', servers(4), { 'server.cores': 1 }, 20],
    ['an instance of four cores has no more than the host', servers(1, 4), { 'server.cores': 4 }, 20],
    ['environments share them, too', FUNCTION, {}, 20],
  ])('%s', (_name, components, parameters, ms) => {
    const result = play({ operations: PARALLEL, overrides: { components }, parameters: { ...ON_TWO, ...parameters } });
    expect(maxMs(result)).toBeCloseTo(ms, 6);
  });

  it('a quota pauses a function as it does alone, and gives the core away meanwhile', () => {
    const components = { station: { ...FUNCTION.station, memory_mb: 884 } };
    const station = { description: 'twenty-five milliseconds', cpu_ms: 25 };
    const parameters = { ...ON_TWO, 'function.full_vcpu_mb': 1768 };
    const alone = (host: Record<string, number>) =>
      meanMs(play({ components: { station }, overrides: { components }, parameters: { ...parameters, ...host } }));
    expect(alone({})).toBeCloseTo(alone({ 'host.cores': 0 }), 6);
    // Four at once have half of a core each, which is what their quota lets them have.
    const together = play({ operations: PARALLEL, components: { station }, overrides: { components }, parameters });
    expect(maxMs(together) / 50).toBeCloseTo(1, 0.5);
  });

  it('a function that does not get to its end in time is cut, and who comes later is not held up by it', () => {
    const station = { description: 'two seconds', cpu_ms: 2_000 };
    const parameters = { 'host.cores': 1, 'function.timeout_s': 1 };
    const o = { components: { station }, overrides: { components: FUNCTION }, parameters, duration_s: 20, rate: 0.2 };
    expect(outcomes(play(o))).toMatchObject({ sent: 3, served: 0, timed_out: 3 });
  });

  it('a machine that is taken away loses what it computes, and its successor goes on', () => {
    const station = { description: 'a second', cpu_ms: 1_000 };
    const faults = [{ kind: 'kill' as const, target: 'station', amount: 1, at_s: 5.5, for_s: 0 }];
    const parameters = { ...ON_TWO, 'server.boot_s': 1 };
    const components = servers(1, 4);
    const result = play({ components: { station }, overrides: { components }, parameters, faults, rate: 1, duration_s: 20 });
    const { sent, served, failed } = outcomes(result);
    expect([sent, served + failed]).toEqual([19, 19]);
    expect(failed).toBe(1);
  });

  it.each([
    ['.5', 0.5],
    ['1.2', 1.2],
  ])('work takes as much longer as theory says beside others who bring %s cores of it', (_name, load) => {
    const station = { description: 'sixty milliseconds', cpu_ms: 60 };
    const parameters = { ...ON_TWO, 'host.other_load': load };
    const o = { components: { station }, overrides: { components: FUNCTION }, parameters, duration_s: 3_000 };
    expect(meanMs(play(o)) / 60 / stretchOf(2, load)).toBeCloseTo(1, 1.7);
  });

  it.each([
    ['.5', 0.5],
    ['1.2', 1.2],
  ])('hops take as much longer beside %s cores of others', (_name, load) => {
    const station = { description: 'nothing', cpu_ms: 0 };
    const parameters = { ...ON_TWO, 'host.other_load': load, 'gateway.hop_ms': 100 };
    const o = { components: { station }, overrides: { components: FUNCTION }, parameters, duration_s: 3_000 };
    const expected = wayStretches(2, load).reduce((sum, { factor, weight }) => sum + factor * weight, 0);
    expect(expected).toBeGreaterThan(1);
    expect(meanMs(play(o)) / 200 / expected).toBeCloseTo(1, 1.7);
    expect(meanMs(play({ ...o, parameters: { ...parameters, 'host.other_load': 0 } }))).toBeCloseTo(200, 6);
  });

  it('ways keep a core busy while they last, and are drawn out by who is there when they begin', () => {
    const station = { description: 'nothing', cpu_ms: 0 };
    const o = { operations: PARALLEL, components: { station }, overrides: { components: FUNCTION } };
    // The hops of four at once find nobody, one, two and three there; each goes there and back.
    const at = (cores: number) => maxMs(play({ ...o, parameters: { 'host.cores': cores, 'gateway.hop_ms': 10 } }));
    expect(at(1)).toBeCloseTo(2 * 40, 6);
    expect(at(2)).toBeCloseTo(2 * 20, 6);
    expect(at(4)).toBeCloseTo(2 * 10, 6);
    const busy = { description: 'computes', cpu_ms: 20 };
    const beside = (cores: number) => {
      const overrides = { components: FUNCTION, datasets: { rows: { store: 'dynamodb' as const } } };
      const placed = { components: { station: busy }, overrides, steps: [{ parallel: [CALL, READ] }] };
      return maxMs(store('dynamodb', { ...placed, parameters: { 'host.cores': cores, 'dynamodb.read_ms': 10 } }));
    };
    // Two cores do both at once; of one, 20 ms share 10 with the way to the store.
    expect(beside(2)).toBeCloseTo(20, 6);
    expect(beside(1)).toBeCloseTo(30, 6);
  });

  it('what waits for a row wants no core meanwhile', () => {
    const parameters = { 'host.cores': 1, 'postgres.cpu_ms_write': 10, 'postgres.vcpus': 4, 'postgres.transaction_ms': 0 };
    // Of four writers of a row the last waits 30 ms, and finds three others on their ways when it comes.
    expect(maxMs(store('postgres', { steps: four(WRITE), parameters }))).toBeCloseTo(30 + 4 * 10, 6);
  });

  it('is the same to the byte every time, and is no part of the bill', () => {
    const o = { overrides: { components: servers(2) }, parameters: { ...ON_TWO, 'host.other_load': 0.7 }, duration_s: 30 };
    expect(JSON.stringify(play(o))).toBe(JSON.stringify(play(o)));
    const without = play({ overrides: { components: servers(2) }, duration_s: 30 });
    expect(metered(play(o), 'server-hours:m7g.large')).toBe(metered(without, 'server-hours:m7g.large'));
    expect(play(o).usage.map((u) => u.component)).not.toContain('host');
  });
});
