import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { ControllerDefinition } from '../../simulator/domain/controller.ts';
import { Fits } from '../../simulator/worlds/live/fits.ts';
import type { Fleet } from '../../simulator/worlds/live/fleet.ts';
import { Operate } from '../../simulator/worlds/live/operate.ts';
import { programFolder } from '../../simulator/worlds/live/stacks/bundle.ts';
import { cellOf } from '../virtual/small.ts';

/** Decides once a second; every third decision has a job. Its state: decisions so far, and what was adopted after how many. */
interface State {
  decided: number;
  adopted: [number, unknown][];
}
const registry = CONTROLLERS as Record<string, ControllerDefinition>;
let last: State = { decided: 0, adopted: [] };
registry.fitter = {
  description: 'has something to fit',
  defaults: {},
  create: () => ({
    interval_s: 1,
    lag_s: 0,
    initial: { decided: 0, adopted: [] } as State,
    decide(before) {
      const state = { ...(before as State), decided: (before as State).decided + 1 };
      last = state;
      const job = state.decided % 3 === 1 ? { refit: { at: state.decided } } : {};
      return { state, wanted: 1, because: 'it does', ...job };
    },
    adopt: (state, fitted) => {
      const { decided, adopted } = state as State;
      return { decided, adopted: [...adopted, [decided, fitted]] };
    },
  }),
};
afterAll(() => {
  delete registry.fitter;
});

function operated(fit: (controller: string, job: unknown) => Promise<unknown>) {
  const plan = cellOf({
    components: { station: { description: 'works' } },
    operations: { work: { description: 'works', steps: [{ call: 'station' }] } },
    overrides: {
      components: {
        station: { platform: 'server', slots: 1, minimum: 1, maximum: 1, controller: { name: 'fitter', options: {} } },
      },
    },
  }).plan;
  const pool = plan.parts.findIndex(({ path }) => path === 'server/station');
  const fleet = { sizing: plan.parts[pool]?.sizing, wanted: 1, ready: 1, starting: 0, drainingCount: 0 } as unknown as Fleet;
  const operate = new Operate(plan, { fleets: new Map([[pool, fleet]]), resized: () => undefined, fit });
  const none = { pools: new Map(), workers: new Map(), functions: new Map(), depths: new Map() };
  let at_s = 0;
  return { operate, decide: () => operate.control({ at_s: ++at_s, ...none }) };
}

/** What promises that are settled have led to. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('decisions of real parts', () => {
  it('do not wait for a fit, which counts from the first one after it is there', async () => {
    const done: ((fitted: unknown) => void)[] = [];
    const asked: unknown[] = [];
    const { operate, decide } = operated((controller, job) => {
      asked.push([controller, job]);
      return new Promise((resolve) => done.push(resolve));
    });
    for (let i = 0; i < 5; i++) {
      decide();
      await settled();
    }
    expect(asked).toEqual([
      ['fitter', { at: 1 }],
      ['fitter', { at: 4 }],
    ]);
    expect(last).toEqual({ decided: 5, adopted: [] });
    done[0]?.('first');
    await settled();
    decide();
    expect(last).toEqual({ decided: 6, adopted: [[5, 'first']] });
    expect(operate.told).toEqual([]);
  });

  it('go on with what was fitted before where a fit fails, and the run says so', async () => {
    const { operate, decide } = operated((_, job) =>
      (job as { at: number }).at === 1 ? Promise.resolve('first') : Promise.reject(new Error('no memory')),
    );
    for (let i = 0; i < 6; i++) {
      decide();
      await settled();
    }
    expect(last).toEqual({ decided: 6, adopted: [[1, 'first']] });
    expect(operate.told).toEqual(['server/station: fitter could not fit anew and went on as it was: no memory']);
  });
});

describe('the thread that fits', () => {
  const open: Fits[] = [];
  afterEach(() => Promise.all(open.splice(0).map((fits) => fits.close())));
  const made = (start?: () => Promise<Worker>) => {
    const fits = new Fits(start);
    open.push(fits);
    return fits;
  };
  const values = Array.from({ length: 900 }, (_, i) => 20 + 12 * Math.sin((2 * Math.PI * i) / 40) + (i % 7));
  const staffing = { slots: 1, wait: 0.5, late: 0.05, service_cv2: 1 };
  const job = { staffing, orders: { values, seen: 900, seasons: null, trees: { horizon: 2, quantile: 0.95 } } };

  it('gives what the same job gives in place, on one thread for all', async () => {
    let threads = 0;
    const fits = made(async () => {
      threads++;
      return new Worker(`${await programFolder()}/fit.js`);
    });
    const [one, two] = await Promise.all([fits.fit('ai', job), fits.fit('ai', job)]);
    expect(one).toEqual(CONTROLLERS.ai?.fit?.(job));
    expect(two).toEqual(one);
    expect(threads).toBe(1);
  });

  it('says what is wrong with a job, and does the next', async () => {
    const fits = made();
    await expect(fits.fit('ai', { staffing, orders: null })).rejects.toThrow(/null/);
    await expect(fits.fit('static', job)).rejects.toThrow("'static' is no controller that fits anything");
    expect(await fits.fit('ai', job)).toEqual(CONTROLLERS.ai?.fit?.(job));
  });

  it('that ends takes its jobs along; the next job gets another', async () => {
    const code = "require('node:worker_threads').parentPort.on('message', ({ number, job }) => job ? process.exit(3) : ";
    const answer = "require('node:worker_threads').parentPort.postMessage({ number, fitted: 'done' }))";
    const fits = made(async () => new Worker(code + answer, { eval: true }));
    const both = await Promise.allSettled([fits.fit('ai', 1), fits.fit('ai', 2)]);
    for (const one of both) expect(one).toMatchObject({ status: 'rejected', reason: { message: 'its thread ended with 3' } });
    expect(await fits.fit('ai', 0)).toBe('done');
    const broken = made(async () => new Worker("throw new Error('it cannot')", { eval: true }));
    await expect(broken.fit('ai', 1)).rejects.toThrow('it cannot');
    const none = made(() => Promise.reject(new Error('no bundle')));
    await expect(none.fit('ai', 1)).rejects.toThrow('no bundle');
  });

  it('is gone when the run ends, whatever it is at', async () => {
    const code = "require('node:worker_threads').parentPort.on('message', () => { for (;;); })";
    const thread = new Worker(code, { eval: true });
    const gone = new Promise((resolve) => thread.once('exit', resolve));
    const fits = made(async () => thread);
    let isAnswered = false;
    const answered = () => {
      isAnswered = true;
    };
    fits.fit('ai', job).then(answered, answered);
    await settled();
    await fits.close();
    await gone;
    fits.fit('ai', job).then(answered, answered);
    await settled();
    expect(isAnswered).toBe(false);
  });
});
