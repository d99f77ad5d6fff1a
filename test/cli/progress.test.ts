import { performance } from 'node:perf_hooks';
import { afterEach, expect, it, vi } from 'vitest';
import { Progress } from '../../simulator/cli/progress.ts';

afterEach(() => vi.restoreAllMocks());

/** What a pipe reads of work that was `from` done when it began and is `share` done after 100 s. */
function shown(share: number, from?: number): string {
  const text: string[] = [];
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const progress = new Progress({ write: (more) => void text.push(more), isTerminal: false, columns: 80 }, 'playing');
  const o = { done: 3, cells: 10, of: 'blocks', ...(from === undefined ? {} : { from }) };
  progress.show({ ...o, share: from ?? 0 });
  clock.mockReturnValue(100_000);
  progress.show({ ...o, share });
  return text.join('');
}

it('says how long the rest will take, by what was done since it began', () => {
  expect(shown(0.25)).toBe('playing: 25 %, 3 of 10 blocks, about 5 min left\n');
  expect(shown(0.75, 0.5)).toBe('playing: 75 %, 3 of 10 blocks, about 2 min left\n');
  expect(shown(0.5, 0.5)).toBe('playing: 50 %, 3 of 10 blocks\n');
});
