import { describe, expect, it } from 'vitest';
import { FUNCTION, meanMs, metered, outcomes, play, type Small, servers, work } from './small.ts';

const ON_FUNCTIONS = { overrides: { components: FUNCTION } };
type Operation = NonNullable<Small['operations']>[string];
const operation = (more: Partial<Operation>) => ({
  work: { description: 'asks', attempts: 1, steps: [{ call: 'station' }], ...more },
});

describe('the front door, on paper', () => {
  it('is reached over the users\u2019 network, there and back, and the parts behind it over hops', () => {
    const parameters = { 'gateway.client_ms': 50, 'gateway.added_ms': 3, 'gateway.hop_ms': 1 };
    expect(meanMs(play({ ...ON_FUNCTIONS, parameters }))).toBeCloseTo(50 + 3 + 1 + 10 + 1 + 50, 6);
  });

  it('works on one request after the other where it has a thread of its own', () => {
    const door = (cpu_ms: number) => ({
      'gateway.client_ms': 0,
      'gateway.added_ms': 0,
      'gateway.hop_ms': 0,
      'gateway.cpu_ms': cpu_ms,
    });
    const mean_ms = (cpu_ms: number, rate: number) => meanMs(play({ ...ON_FUNCTIONS, parameters: door(cpu_ms), rate })) - 10;
    expect(mean_ms(0, 20)).toBeCloseTo(0, 6);
    expect(mean_ms(20, 1)).toBeGreaterThanOrEqual(20 - 1e-6);
    // Half as much again as its thread can do: the last ones wait for a third of the minute.
    expect(mean_ms(20, 75)).toBeGreaterThan(1_000);
  });

  it('lets through its burst and then its rate', () => {
    const parameters = { 'gateway.rate_limit_per_s': 5, 'gateway.burst': 5 };
    const { sent, served, refused } = outcomes(play({ ...ON_FUNCTIONS, parameters, rate: 10 }));
    expect(Math.abs(served - (5 + 5 * 60))).toBeLessThanOrEqual(1);
    expect(served + refused).toBe(sent);
  });

  it('refuses what is larger than it takes, and nobody tries that again', () => {
    const result = play({
      ...ON_FUNCTIONS,
      operations: operation({ request_kb: 10_240, attempts: 5 }),
      parameters: { 'gateway.payload_limit_kb': 6_144 },
    });
    expect([work(result).refused, work(result).attempts]).toEqual([59, 59]);
  });

  it.each([
    ['an HTTP API', FUNCTION, 30],
    ['a load balancer', servers(1, 100), 60],
  ])('gives up after its own timeout, however patient the user: %s', (_what, components, limit_s) => {
    const operations = operation({ timeout_ms: 900_000 });
    const at = (io_ms: number) =>
      outcomes(
        play({
          components: { station: { description: 'waits', io_ms } },
          operations,
          overrides: { components },
          parameters: { 'function.timeout_s': 900 },
          duration_s: 10,
        }),
      );
    expect(at((limit_s - 1) * 1000)).toMatchObject({ sent: 9, served: 9 });
    expect(at((limit_s + 1) * 1000)).toMatchObject({ sent: 9, timed_out: 9 });
  });

  it('costs a request, or hours and the larger of its connections and bytes', () => {
    expect(metered(play({ ...ON_FUNCTIONS }), 'gateway-requests')).toBe(59);
    const at = (response_kb: number) =>
      play({
        overrides: { components: servers(1) },
        operations: operation({ response_kb, request_kb: 0 }),
        duration_s: 3600,
        rate: 10,
      });
    expect(metered(at(1), 'load-balancer-hours')).toBe(1);
    // 35,999 connections at 25 a second; then 3.6 GB at one an hour.
    expect(metered(at(1), 'load-balancer-units')).toBeCloseTo(35_999 / 25 / 3600, 9);
    expect(metered(at(100), 'load-balancer-units')).toBeCloseTo(3.5999, 9);
    expect(metered(at(100), 'transfer-out-gb')).toBeCloseTo(3.5999, 9);
  });

  it('bills a NAT gateway and what passes it where machines ask third parties, and none for functions', () => {
    const asks = { station: { description: 'asks a third party', io_ms: 10 } };
    const on = (components: Small['overrides']) => play({ components: asks, overrides: components, duration_s: 3600 });
    const machines = on({ components: servers(1) });
    expect([metered(machines, 'nat-hours'), metered(machines, 'nat-gb')]).toEqual([1, (3599 * 4) / 1e6]);
    const functions = on({ components: FUNCTION });
    expect([metered(functions, 'nat-hours'), metered(functions, 'nat-gb')]).toEqual([0, 0]);
  });

  it('bills ways between zones for machines only, on both sides, for the share of calls that leave theirs', () => {
    const zone = (components: Small['overrides']) =>
      metered(
        play({
          overrides: components,
          components: { station: { description: 'answers', cpu_ms: 1, request_kb: 10, response_kb: 20 } },
        }),
        'transfer-zone-gb',
      );
    expect(zone({ components: servers(1) })).toBeCloseTo((2 * (2 / 3) * 59 * 30) / 1e6, 12);
    expect(zone({ components: FUNCTION })).toBe(0);
  });
});
