import { afterAll, describe, expect, it } from 'vitest';
import { IS_MEMORY_ENFORCED } from '../../simulator/worlds/live/platforms/lambda/environment-process.ts';
import { installed } from '../models/installed.ts';
import { cellOf, outcomes, type Small, times } from '../virtual/small.ts';
import { galleryOf } from './gallery.ts';
import { openLiveWorld } from './live-world.ts';

/** Who burnt this in place of looking at the picture would be long timed out. */
const looking = { cpu_ms: 120_000 };
const small = { platform: 'function' as const, memory_mb: 512 };
const GALLERY: Small = {
  ...galleryOf(looking),
  overrides: {
    components: { look: small, post: small, review: small },
    datasets: { pictures: { store: 'dynamodb' } },
    events: { posted: { channel: 'sqs' } },
  },
  rate: 1,
  duration_s: 6,
  drain_s: 60,
};

const cramped: Small = {
  ...GALLERY,
  overrides: { ...GALLERY.overrides, components: { look: { ...small, memory_mb: 128 } } },
  drain_s: 1,
};
const cells = [cellOf(GALLERY), cellOf(cramped)] as const;
const world = (await installed()) && (await openLiveWorld(cells));
afterAll(() => world?.end());

describe.skipIf(world === undefined)('image moderation in functions of our own runtime', () => {
  it('looks at the picture of a call and of a message from SQS, in 512 MB, and names its backend', async () => {
    const { result, failures, told } = await world!.run(cells[0]);
    const { sent, served } = outcomes(result);
    expect(sent).toBeGreaterThan(3);
    expect(served).toBe(sent);
    expect(times(result, 'reviewed')).toHaveLength(sent);
    expect(failures).toEqual([]);
    const backend = /(?:tfjs-node|wasm|cpu)/.source;
    expect(told.sort()).toEqual([
      expect.stringMatching(`^look moderates images on ${backend}`),
      expect.stringMatching(`^review moderates images on ${backend}`),
    ]);
    expect(result.pools.every(({ colds }) => colds > 0)).toBe(true);
    expect(result.broken).toEqual([]);
  }, 180_000);

  it.skipIf(!IS_MEMORY_ENFORCED)(
    'says what ended the function where its memory is too small',
    async () => {
      const { failures } = await world!.run(cells[1]);
      expect(failures).toContainEqual({
        component: 'function/look',
        message: 'Runtime.OutOfMemory: Runtime exited with error: signal: killed',
        count: expect.any(Number),
      });
    },
    180_000,
  );
});
