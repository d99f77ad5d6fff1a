import { describe, expect, it } from 'vitest';
import { Attempts, CAME_BACK } from '../../simulator/measure/attempts.ts';

const part = (i: number) => ['function/charge', 'sqs/placed/fulfil'][i] ?? 'nobody';
const line = { at_ms: 12_310, entity: 7, part: 0, attempt: 1, fate: 2, after_ms: 3000 };

describe('attempts that had no effect', () => {
  it('are told by the entity that they were about, with where, how and when they ended', () => {
    const attempts = new Attempts();
    attempts.note(line);
    attempts.note({ ...line, entity: 8 });
    attempts.note({ ...line, at_ms: 13_000, attempt: 2, fate: 1, after_ms: -1 });
    attempts.note({ ...line, at_ms: 14_000, part: -1, fate: 3, after_ms: 500 });
    attempts.note({ ...line, at_ms: 15_000, part: 1, fate: CAME_BACK, after_ms: -1 });
    expect(attempts.of(7, part).map(({ text }) => text)).toEqual([
      'attempt 1 at function/charge timed out at 12.310 s, after 3.000 s',
      'attempt 2 at function/charge was refused at 13.000 s',
      'attempt 1 of the operation failed at 14.000 s, after 0.500 s',
      'attempt 1 at sqs/placed/fulfil came back to the queue at 15.000 s',
    ]);
  });

  it('take no more memory than for the first few thousand, nor a story more than twenty lines', () => {
    const attempts = new Attempts();
    for (let i = 0; i < 100_000; i++) attempts.note({ ...line, entity: i % 10_000 });
    expect(attempts.isFull).toBe(true);
    expect([attempts.of(0, part).length, attempts.of(9_999, part).length]).toEqual([2, 1]);
    const one = new Attempts();
    for (let i = 0; i < 50; i++) one.note(line);
    expect(one.of(7, part)).toHaveLength(20);
  });
});
