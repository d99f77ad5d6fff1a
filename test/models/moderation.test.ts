import { describe, expect, it } from 'vitest';
import { Batches } from '../../models/moderation/batches.ts';
import { imageOf, SIDE } from '../../models/moderation/image.ts';
import { CLASSES, moderator } from '../../models/moderation/moderator.ts';
import { installed } from './installed.ts';
import { times } from './series.ts';

const backend = await installed();

describe('an image of an action', () => {
  it('is the same for its seed, another for every other, and within what the model takes', () => {
    const images = times(5, imageOf);
    expect(imageOf(3)).toEqual(images[3]);
    expect(new Set(images.map((image) => image.slice(0, 60).join())).size).toBe(5);
    for (const image of images) {
      expect(image).toHaveLength(SIDE * SIDE * 3);
      expect(image.every((value) => value >= 0 && value < 1)).toBe(true);
    }
  });
});

describe('batches', () => {
  const gathered = (o: { most: number; wait_ms: number }) => {
    const sizes: number[] = [];
    const batches = new Batches<number, number>({
      ...o,
      work: async (items) => {
        sizes.push(items.length);
        if (items.includes(13)) throw new Error('unlucky');
        return items.map((item) => 2 * item);
      },
    });
    return { batches, sizes };
  };

  it('are full when enough has come, the rest follows, and everybody gets their own answer', async () => {
    const { batches, sizes } = gathered({ most: 4, wait_ms: 5 });
    expect(await Promise.all(times(10, (i) => batches.add(i)))).toEqual(times(10, (i) => 2 * i));
    expect(sizes).toEqual([4, 4, 2]);
  });

  it('of one wait for nobody', async () => {
    const { batches, sizes } = gathered({ most: 1, wait_ms: 0 });
    await Promise.all([batches.add(1), batches.add(2)]);
    expect(sizes).toEqual([1, 1]);
  });

  it('that fail fail for all in them, and the next goes on', async () => {
    const { batches } = gathered({ most: 2, wait_ms: 1 });
    const all = await Promise.allSettled([13, 1, 2].map((item) => batches.add(item)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});

describe.skipIf(backend === undefined)('the image model', () => {
  it('gives every image of a batch shares of its own that add up to one, the same as alone', async () => {
    const model = await moderator({ batch_max: 4, batch_wait_ms: 50 });
    const verdicts = await Promise.all(times(3, (i) => model.moderate(i)));
    expect(new Set(verdicts.map(({ shares }) => shares.join())).size).toBe(3);
    for (const { shares, likeliest } of verdicts) {
      expect(shares).toHaveLength(CLASSES.length);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
      expect(likeliest).toBe(CLASSES[shares.indexOf(Math.max(...shares))]);
    }
    const alone = await model.moderate(1);
    alone.shares.forEach((share, i) => void expect(share).toBeCloseTo(verdicts[1]!.shares[i]!, 4));
  }, 120_000);
});
