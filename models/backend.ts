import { UnavailableError } from '../simulator/domain/problem.ts';

export type Tensors = typeof import('@tensorflow/tfjs');

/** Where tensors are computed, fastest first. */
export const BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** TensorFlow.js on the best backend found, and why each better one is not used. */
export interface Backend {
  name: BackendName;
  tf: Tensors;
  missed: { name: BackendName; because: string }[];
}

/** How each backend is loaded and what TensorFlow.js calls it. The two of TensorFlow itself download programs when they are installed, so they are the user's choice. */
const LOADS: Readonly<Record<BackendName, { own: string; load(): Promise<unknown> }>> = {
  'tfjs-node-gpu': { own: 'tensorflow', load: () => import('@tensorflow/tfjs-node-gpu') },
  'tfjs-node': { own: 'tensorflow', load: () => import('@tensorflow/tfjs-node') },
  wasm: { own: 'wasm', load: () => import('@tensorflow/tfjs-backend-wasm') },
  cpu: { own: 'cpu', load: async () => undefined },
};

/**
 * TensorFlow.js with the best backend of this machine, or the first that works from `from` on.
 *
 * Throws: UnavailableError in one line where the package of this folder is not installed.
 */
export async function pickBackend(from: BackendName = 'tfjs-node-gpu'): Promise<Backend> {
  const tf = await tensorflow();
  const missed: Backend['missed'] = [];
  for (const name of BACKENDS.slice(BACKENDS.indexOf(from))) {
    const because = await reasonAgainst(tf, name);
    if (because === undefined) return { name, tf, missed };
    missed.push({ name, because });
  }
  throw new UnavailableError(`no backend of TensorFlow.js works here: ${reasons(missed)}`);
}

/** `wasm (tfjs-node-gpu: not installed; tfjs-node: not installed)`. */
export function backendInWords({ name, missed }: Backend): string {
  return missed.length === 0 ? name : `${name} (${reasons(missed)})`;
}

function reasons(missed: Backend['missed']): string {
  return missed.map(({ name, because }) => `${name}: ${because}`).join('; ');
}

async function tensorflow(): Promise<Tensors> {
  try {
    const tf = await import('@tensorflow/tfjs');
    tf.enableProdMode();
    return tf;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UnavailableError(
      'this needs TensorFlow.js, which is not installed: npm run setup (outside of the source tree: npm install @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0)',
    );
  }
}

async function reasonAgainst(tf: Tensors, name: BackendName): Promise<string | undefined> {
  try {
    await LOADS[name].load();
    if (!(await tf.setBackend(LOADS[name].own))) return 'does not start';
    await tf.ready();
    return undefined;
  } catch (error) {
    if (isMissing(error)) return 'not installed';
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] as string;
  }
}

function isMissing(error: unknown): boolean {
  return ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((error as { code?: string }).code ?? '');
}
