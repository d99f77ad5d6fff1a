import { describe, expect, it } from 'vitest';
import { count, maxMs, meanMs, metered, outcomes, play, times } from './small.ts';
import { four, READ, type Steps, store, WRITE } from './stores.ts';

const TAKE = { write: 'rows', take: 1, conditional: true, effect: 'taken' } as const;
const CPU = { 'postgres.cpu_ms_write': 10, 'postgres.vcpus': 4, 'postgres.transaction_ms': 0 };
/** One user's four writes of one row at once: 10 ms each, on four cores. */
const hot = (parameters: Record<string, number>) =>
  store('postgres', { steps: four(WRITE), parameters: { ...CPU, ...parameters } });

describe('row locks of postgres, on paper', () => {
  it('let writers of one row through one after another, whatever cores are free', () => {
    expect(maxMs(hot({}))).toBeCloseTo(40, 6);
  });

  it('do not hold up who writes another row, or reads the same', () => {
    const rows = { description: 'rows', shape: 'relational' as const };
    const steps: Steps = [{ parallel: [WRITE, { write: 'others' }] }];
    const operations = { work: { description: 'writes', attempts: 1, steps } };
    expect(maxMs(play({ operations, datasets: { rows, others: rows }, parameters: CPU }))).toBeCloseTo(10, 6);
    const reading = { ...CPU, 'postgres.cpu_ms_read': 10 };
    expect(maxMs(store('postgres', { steps: [{ parallel: [WRITE, READ] }], parameters: reading }))).toBeCloseTo(10, 6);
  });

  it('are waited for no longer than lock_timeout: of four, two wait 10 and 20 ms, and one gives up after 25', () => {
    expect(maxMs(hot({ 'postgres.lock_timeout_ms': 30 }))).toBeCloseTo(40, 6);
    expect(outcomes(hot({ 'postgres.lock_timeout_ms': 25 }))).toMatchObject({ served: 0, refused: 59 });
  });

  it('are held for the rest of a transaction that takes from a stock: a hot row sells 1000 / (10 + 40) a second', () => {
    const parameters = { ...CPU, 'postgres.transaction_ms': 40 };
    const at = (rate: number) => {
      const stock = { each: 1_000_000 };
      return store('postgres', { steps: [TAKE], stock, parameters, rate, duration_s: 20 });
    };
    expect(meanMs(at(10))).toBeCloseTo(50, 6);
    const crowded = times(at(50), 'taken');
    expect((crowded.length - 1) / ((crowded.at(-1)! - crowded[0]!) / 1000)).toBeCloseTo(20, 6);
  });

  it('keep their connections while they wait, so that readers of other rows find none', () => {
    const limits = { ...CPU, 'postgres.connections': 4, 'postgres.cpu_ms_read': 1, 'postgres.cpu_ms_write': 100 };
    const steps: Steps = [{ parallel: [WRITE, WRITE, WRITE, WRITE, { ...READ, of: 'actor' }] }];
    // The fifth comes when all four connections are taken; the first is free after 100 ms.
    const hasty = store('postgres', { steps, parameters: { ...limits, 'postgres.wait_timeout_ms': 99 } });
    expect(outcomes(hasty)).toMatchObject({ served: 0, refused: 59 });
    expect(maxMs(store('postgres', { steps, parameters: limits }))).toBeCloseTo(400, 6);
  });

  it('under serializable end the wait with a failure: without retries three of four fail, with them all are served', () => {
    expect(outcomes(hot({ 'postgres.serializable': 1, 'postgres.retries': 0 }))).toMatchObject({ served: 0, refused: 59 });
    const patient = hot({ 'postgres.serializable': 1, 'postgres.retries': 20 });
    expect([outcomes(patient).served, meanMs(patient) > 40]).toEqual([59, true]);
  });
});

describe('a hot row of dynamodb, on paper', () => {
  const parameters = { 'dynamodb.partition_write_units': 10, 'dynamodb.retries': 0 };

  it('is taken from no faster than its partition writes', () => {
    const result = store('dynamodb', { steps: [TAKE], stock: { each: 1_000_000 }, parameters, rate: 20 });
    expect(Math.abs(outcomes(result).served - (10 + 10 * 60))).toBeLessThanOrEqual(1);
    expect(times(result, 'taken')).toHaveLength(outcomes(result).served);
  });

  it('costs its units when the condition fails', () => {
    const result = store('dynamodb', { steps: [TAKE], stock: { each: 5 } });
    expect([metered(result, 'dynamodb-write-units'), times(result, 'taken').length, count(result, 'sold_out')]).toEqual([
      59, 5, 54,
    ]);
  });
});
