import { type BackendName, backendInWords, pickBackend } from '../backend.ts';
import { Batches } from './batches.ts';
import { imageOf, SIDE } from './image.ts';

/** What the model tells apart, in the order of its outputs. Source: nsfwjs 4.3.0, nsfw_classes. */
export const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;
/** What is let through: everything whose likeliest class is one of these. */
const HARMLESS: readonly string[] = ['drawing', 'neutral'];

/** What the model says of one image; shares add up to 1. */
export interface Verdict {
  isHarmless: boolean;
  likeliest: (typeof CLASSES)[number];
  shares: number[];
}

/** The image model, ready to use. */
export interface Moderator {
  /** `wasm (tfjs-node-gpu: not installed; ...)`. */
  backend: string;
  /** Makes the image of a seed and looks at it, in the next batch. */
  moderate(seed: number): Promise<Verdict>;
}

/**
 * The image model that nsfwjs ships (MobileNet V2), on the best backend found.
 *
 * Throws: UnavailableError where the package of models/ is not installed.
 */
export async function moderator(o: { batch_max: number; batch_wait_ms: number; from?: BackendName }): Promise<Moderator> {
  const picked = await pickBackend(o.from);
  const { tf } = picked;
  const model = await tf.loadLayersModel({ load: artifacts });
  const work = async (seeds: number[]): Promise<Verdict[]> => {
    const pixels = new Float32Array(seeds.length * SIDE * SIDE * 3);
    seeds.forEach((seed, i) => void pixels.set(imageOf(seed), i * SIDE * SIDE * 3));
    const output = tf.tidy(() => model.predict(tf.tensor(pixels, [seeds.length, SIDE, SIDE, 3])));
    const shares = await output.data();
    output.dispose();
    return seeds.map((_, i) => verdictOf([...shares.subarray(i * CLASSES.length, (i + 1) * CLASSES.length)]));
  };
  // The first run compiles what the later ones use: it belongs to loading.
  await work([0]);
  const batches = new Batches({ most: o.batch_max, wait_ms: o.batch_wait_ms, work });
  return { backend: backendInWords(picked), moderate: (seed) => batches.add(seed) };
}

function verdictOf(shares: number[]): Verdict {
  const likeliest = CLASSES[shares.indexOf(Math.max(...shares))] as Verdict['likeliest'];
  return { isHarmless: HARMLESS.includes(likeliest), likeliest, shares };
}

/** Layers and weights as TensorFlow.js loads them, from the modules of nsfwjs. */
async function artifacts(): Promise<object> {
  const { MobileNetV2Model } = await import('nsfwjs/models/mobilenet_v2');
  const { modelTopology, weightsManifest } = plain(await MobileNetV2Model.modelJson());
  const parts = await Promise.all(MobileNetV2Model.weightBundles.map(async (load) => Buffer.from(plain(await load()), 'base64')));
  const weightData = Uint8Array.from(Buffer.concat(parts)).buffer;
  return { modelTopology, format: 'layers-model', weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData };
}

/** The default export; from CommonJS it may arrive wrapped once more. */
function plain<T>(module: { default: T }): T {
  const inner = module.default as T | { default: T };
  return typeof inner === 'object' && inner !== null && 'default' in inner ? inner.default : inner;
}
