import { mix, Stream, uniform } from '../../simulator/domain/draws.ts';

/** Pixels of a side of what the model looks at. */
export const SIDE = 224;
const BLOBS = 6;
/** How far noise moves a channel. */
const NOISE = 24;

/**
 * A picture of an action's own, made from its seed: a gradient with blobs of colour and noise, so that no two are the same bytes.
 *
 * Shape: SIDE x SIDE x 3 values in [0, 1), row by row, red, green, blue.
 */
export function imageOf(seed: number): Float32Array {
  const stream = new Stream(seed, 'image');
  const draw = (most: number) => most * stream.next();
  const colour = () => [draw(255), draw(255), draw(255)] as const;
  const [top, bottom] = [colour(), colour()];
  const blobs = Array.from({ length: BLOBS }, () => ({ x: draw(SIDE), y: draw(SIDE), radius: 15 + draw(60), colour: colour() }));
  const image = new Float32Array(SIDE * SIDE * 3);
  const noise = mix(seed, 0x1337);
  for (let y = 0, i = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const blob = blobs.find((b) => (b.x - x) ** 2 + (b.y - y) ** 2 < b.radius ** 2);
      for (let c = 0; c < 3; c++, i++) {
        const plain = (top[c] as number) + (((bottom[c] as number) - (top[c] as number)) * y) / SIDE;
        const value = (blob?.colour[c] ?? plain) + NOISE * (uniform(mix(noise, i)) - 0.5);
        image[i] = Math.min(255, Math.max(0, value)) / 256;
      }
    }
  }
  return image;
}
