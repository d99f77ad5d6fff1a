import { describe, expect, it } from 'vitest';
import { controller, steady, trace } from './pool.ts';

const steps = (options = {}) => controller('aws-step-scaling', options);
const next = (cpu: number, from: number) => trace(steps(), [{ cpu }], { from })[0];

describe('aws-step-scaling, against the bands of the guide', () => {
  it.each([
    [0.55, 10, 10],
    [0.6, 10, 11],
    [0.69, 10, 11],
    [0.7, 10, 13],
    [0.45, 10, 10],
    [0.4, 10, 9],
    [0.31, 10, 9],
    [0.3, 10, 7],
  ])('at %f use %i instances become %i', (cpu, from, to) => expect(next(cpu, from)).toBe(to));

  it.each([
    ['more than one is rounded down', 0.7, 5, 6],
    ['less than one is one', 0.6, 3, 4],
    ['less than one is one, downwards too', 0.4, 3, 2],
    ['downwards it is rounded towards nothing', 0.3, 5, 4],
  ])('%s', (_, cpu, from, to) => expect(next(cpu, from)).toBe(to));

  it('adds only the difference while a cooldown lasts, and again in full after it', () => {
    // 10 % of 10, then 30 % of the same 10; nothing more for as long as five minutes last from there.
    const load = [{ cpu: 0.6 }, ...steady({ cpu: 0.8 }, 6)];
    expect(trace(steps(), load, { from: 10 })).toEqual([11, 13, 13, 13, 13, 13, 16]);
  });

  it('takes nothing away while a cooldown lasts', () => {
    const load = [{ cpu: 0.8 }, ...steady({ cpu: 0.2 }, 5)];
    expect(trace(steps(), load, { from: 10 })).toEqual([13, 13, 13, 13, 13, 10]);
  });

  it('waits until every minute of the alarm is beyond, and goes by the one that is least so', () => {
    expect(trace(steps({ alarm_minutes: 2 }), [{ cpu: 0.9 }, { cpu: 0.62 }], { from: 10 })).toEqual([10, 11]);
    expect(trace(steps({ alarm_minutes: 2 }), [{ cpu: 0.9 }, { cpu: 0.1 }], { from: 10 })).toEqual([10, 10]);
  });
});
