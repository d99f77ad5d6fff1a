import { expect, it } from 'vitest';
import { WorkloadSchema } from '../../simulator/domain/workload.ts';
import { operationRates } from '../../workloads/mix.ts';

const crowd = {
  kind: 'flash-crowd',
  base: { kind: 'constant', rate: 10 },
  at_s: 100,
  factor: 5,
  rise_s: 0,
  hold_s: 50,
  fall_s: 0,
  object: 0,
  operations: { buy: 3, look: 1 },
};

it('adds what a crowd comes for to what everybody does', () => {
  const sessions = { think_ms: 1000, start: { look: 1 }, next: { look: { leave: 1 } } };
  const workload = WorkloadSchema.parse({ duration_s: 200, arrivals: crowd, sessions });
  expect(operationRates(workload, 50)).toEqual(
    new Map([
      ['look', 10],
      ['buy', 0],
    ]),
  );
  expect(operationRates(workload, 120)).toEqual(
    new Map([
      ['look', 20],
      ['buy', 30],
    ]),
  );
  const twice = WorkloadSchema.parse({ ...workload, arrivals: { ...crowd, base: { ...crowd, operations: { buy: 1 } } } });
  // 10, and 40 of the first crowd; the second comes on top of both, four times as many.
  expect(operationRates(twice, 120)).toEqual(
    new Map([
      ['look', 10 + 50],
      ['buy', 40 + 150],
    ]),
  );
});
