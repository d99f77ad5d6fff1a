import { parentPort } from 'node:worker_threads';
import { CONTROLLERS } from '../../../controllers/index.ts';

/** What the thread is sent: a job of the controller of that name, and the number it goes by. */
export interface FitOrder {
  number: number;
  controller: string;
  job: unknown;
}

/** What comes back: what the job came to, or what went wrong. */
export type FitReply = { number: number; fitted: unknown } | { number: number; error: string };

/** Does the jobs of controllers that have something to fit, one after the other, on a thread beside the run. */
parentPort?.on('message', ({ number, controller, job }: FitOrder) => {
  const reply = (message: FitReply) => parentPort?.postMessage(message);
  try {
    const definition = CONTROLLERS[controller];
    if (definition?.fit === undefined) throw new RangeError(`'${controller}' is no controller that fits anything`);
    reply({ number, fitted: definition.fit(job) });
  } catch (error) {
    reply({ number, error: error instanceof Error ? error.message : String(error) });
  }
});
