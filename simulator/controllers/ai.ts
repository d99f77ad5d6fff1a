import { copyOf } from '../../models/forecast/method.ts';
import { type FitJob, type Fitted, fitOf } from '../../models/forecast/orders/fit.ts';
import { adopted, type Order, type OrderState, ordersOf } from '../../models/forecast/orders/orders.ts';
import type { Controller, ControllerAssets, ControllerDefinition, ControllerOptions, Observation } from '../domain/controller.ts';
import type { NeuralModel } from '../domain/neural-model.ts';
import { InputError } from '../domain/problem.ts';
import { type Lead, led, NO_LEAD } from './lead.ts';
import { defaultsOf, numbersOf, within } from './options.ts';
import { reactive } from './reactive.ts';
import { followed, memoryOf, offeredBy, type Staffing, staffer } from './staffing.ts';

const OPTIONS = {
  kappa: { default: 20, minimum: 1.5, maximum: 1000 },
  step_s: { default: 60, minimum: 5, maximum: 3600 },
  start_s: { default: 120, minimum: 1, maximum: 3600 },
  wait: { default: 0.5, minimum: 0, maximum: 1_000_000 },
  late: { default: 0.05, minimum: 0.0001, maximum: 0.5 },
  service_cv2: { default: 1, minimum: 0, maximum: 100 },
  hold_s: { default: 60, minimum: 0, maximum: 3600 },
  interval_s: { default: 15, minimum: 1, maximum: 3600 },
  lag_s: { default: 15, minimum: 0, maximum: 3600 },
};

/** Steps, history included, before forecasts are followed: the reactive rule at its defaults decides until then. */
const COLD = 120;
/** Steps of history that are learnt from: more says little more, and every pool has to be taught. */
const HISTORY_MAX = 4096;
const LEAN = { windows: [60, 300], cap: 8192 };

type Options = Record<keyof typeof OPTIONS, number>;
type Core = ReturnType<typeof ordersOf>;

/** What history taught: only for steps and a lag of the same length and the same experts. */
interface Learnt {
  step_s: number;
  /** How long a step of the history was: shorter ones are not learnt from, here or where what was learnt is taken up. */
  history_s?: number;
  lag: number;
  /** Which experts it knows. */
  experts: string;
  orders: OrderState;
}

/** What is to be fitted anew, and how a load becomes instances. */
interface Job {
  staffing: Staffing;
  orders: FitJob;
}

interface State {
  /** Nothing before the first observation, which says how history becomes busy slots. */
  orders: OrderState | null;
  /** Busy slots that the load comes to when it is felt as late as calls may wait; negative before anything was seen. */
  offered: number;
  /** The step that is not over: busy slots, summed over seconds. */
  load: number;
  seconds: number;
  last: Omit<Order, 'job'> | null;
  reactive: unknown;
  lead: Lead;
  /** What was asked for in the last `hold_s`. */
  recent: [number, number][];
}

type Known = State & { orders: OrderState };

/**
 * Orders by a forecast of the cost's quantile over the start lag, mixed from many experts that prove themselves on that cost.
 *
 * Load becomes instances by Erlang C: at most a share `late` of the calls waits longer than `wait` holding times; what objectives leave and how much
 * service times vary are taken from the assets where options do not say. `kappa` is the price of a missing instance in prices of an idle one. Without
 * experience the reactive rule at its defaults decides. Load that is there is served whatever was foreseen, and what waits is to be worked off within
 * `wait`. What was asked for within `hold_s` is not given back.
 *
 * `signals` (off) makes it want to know how many sessions start: while that is above the usual, so many times the load is ordered for (`lead.ts`).
 * Off, since it did not pay: in `social-peak`, seeds 101 to 104, it cost 4 % more at the same violation minutes, in `shop-sale` .7 %.
 *
 * `model`, a file written by `npm run train`, adds a neural network to the experts: it weighs as much as it has proved right.
 *
 * Boosted trees, another expert, and the seasons are fitted anew at numbers of steps that are the same in every run: a decision hands out the job.
 *
 * Source: defaults are assumed: kappa 5 to 100, start 30 to 600 s, wait 0 to 2, late .01 to .1, hold 0 to 300 s.
 */
export const ai: ControllerDefinition = {
  description: 'forecasts mixed on the cost itself, over the start lag; reactive until it has learnt',
  defaults: { ...defaultsOf(OPTIONS), signals: false },
  learn(given, assets, { slots, holding_s }): Learnt | undefined {
    if (assets.history === undefined) return undefined;
    const { core, options, step_s, lag } = settingOf(given, assets);
    return {
      step_s,
      history_s: assets.history.step_s,
      lag,
      experts: expertsIn(given),
      orders: taught(core(slots), { ...assets, step_s, holding_s, wait: options.wait }),
    };
  },
  fit(job): Fitted {
    const { staffing, orders } = job as Job;
    return fitOf(orders, staffer(staffing));
  },
  create(given, assets = {}): Controller<State> {
    const { core, options, step_s, lag, hasSignals } = settingOf(given, assets);
    const pools = new Map<number, Pool>();
    const poolOf = (slots: number) => {
      const { wait, late, service_cv2 } = options;
      const staffing = { slots, wait, late, service_cv2 };
      const pool = pools.get(slots) ?? { core: core(slots), staffing, instancesOf: staffer(staffing) };
      pools.set(slots, pool);
      return pool;
    };
    const learnt = learntIn(assets);
    const known =
      learnt?.step_s === step_s && learnt.lag === lag && learnt.experts === expertsIn(given) ? learnt.orders : undefined;
    const cold = reactive.create({ interval_s: options.interval_s, lag_s: options.lag_s });
    return {
      interval_s: options.interval_s,
      lag_s: options.lag_s,
      ...(hasSignals ? { signals: ['sessions_starting'] as const } : {}),
      initial: { orders: null, offered: -1, load: 0, seconds: 0, last: null, reactive: cold.initial, lead: NO_LEAD, recent: [] },
      decide(before, o) {
        const { core, staffing, instancesOf } = poolOf(o.slots);
        const rule = cold.decide(before.reactive, o);
        const orders = before.orders ?? known ?? taught(core, { ...assets, step_s, holding_s: o.holding_s, wait: options.wait });
        const offered = offeredTo(before.offered, o, options.wait);
        const lead = hasSignals ? led(before.lead, o, options.start_s) : NO_LEAD;
        const { state, job } = observed({ ...before, orders, offered, reactive: rule.state, lead }, o, { core, step_s });
        const needed = within(o, instancesOf(offered + o.queued / Math.max(1, options.wait)));
        const announced = lead.ratio > 1 ? within(o, instancesOf(offered * lead.ratio)) : 0;
        const { asked, why } = askedFor(state, o, { rule: rule.wanted, needed, announced });
        const wanted = held(state, o, { asked, hold_s: options.hold_s });
        const because = wanted > asked ? 'scale-in waits' : why;
        return {
          state,
          wanted,
          because: `${foreseen(state, o, lag * step_s)}${o.ready + o.starting} -> ${wanted} because ${because}`,
          ...(job && { refit: { staffing, orders: job } satisfies Job }),
        };
      },
      adopt: (state, fitted) => (state.orders === null ? state : { ...state, orders: adopted(state.orders, fitted as Fitted) }),
    };
  },
};

interface Pool {
  core: Core;
  staffing: Staffing;
  instancesOf: (load: number) => number;
}

interface Setting {
  options: Options;
  step_s: number;
  lag: number;
  core: (slots: number) => Core;
  hasSignals: boolean;
}

/** Options, those that nobody gave from the assets where these say, and how long a step is and how many an instance takes to start. */
function settingOf({ model: named, signals = false, ...given }: ControllerOptions, assets: ControllerAssets): Setting {
  if (typeof signals !== 'boolean')
    throw new InputError([
      { path: 'controller.ai.signals', message: `is ${JSON.stringify(signals)}`, expected: 'true or false' },
    ]);
  const { patience, service_cv2, start_s, history } = assets;
  const history_s = history?.step_s ?? learntIn(assets)?.history_s ?? 0;
  const known = Object.entries({ ...patience, service_cv2, start_s }).filter(([, value]) => value !== undefined);
  const options = numbersOf('ai', { ...(Object.fromEntries(known) as ControllerOptions), ...given }, OPTIONS);
  const model = modelOf(named, assets);
  const step_s = Math.max(history_s, options.step_s);
  const lag = Math.max(1, Math.ceil(options.start_s / step_s - 1e-9));
  const core = (slots: number) =>
    ordersOf({ lag, kappa: options.kappa, instancesOf: staffer({ ...options, slots }), model, ...LEAN });
  return { options, step_s, lag, core, hasSignals: signals };
}

/** The network that the option `model` names, which is a file to people and was read before the run. */
function modelOf(named: unknown, { model }: ControllerAssets): NeuralModel | undefined {
  if (named === undefined) return undefined;
  if (typeof named === 'string' && model !== undefined) return model;
  const message = typeof named === 'string' ? `'${named}' was not read` : `is ${JSON.stringify(named)}`;
  throw new InputError([{ path: 'controller.ai.model', message, expected: 'a file written by `npm run train`' }]);
}

/** The experts that a controller with these options has. */
function expertsIn({ model }: ControllerOptions): string {
  return JSON.stringify({ ...LEAN, hasTrees: true, isNeural: model !== undefined });
}

/** What history taught. Throws: RangeError where that was to experts that there are no more, as in the file of an older version. */
function learntIn({ learnt }: ControllerAssets): Learnt | undefined {
  const known = learnt as Learnt | undefined;
  if (known !== undefined && ![expertsIn({}), expertsIn({ model: '' })].includes(known.experts))
    throw new RangeError(`what was learnt is for other experts than there are: ${known.experts}`);
  return known;
}

/** With the load since the last decision; a step that is over is learnt from, in a copy of what was known. */
function observed(
  state: Known,
  o: Observation,
  { core, step_s }: { core: Core; step_s: number },
): { state: Known; job?: FitJob | undefined } {
  const load = state.load + state.offered * o.interval_s;
  const seconds = state.seconds + o.interval_s;
  if (seconds < step_s - 1e-9) return { state: { ...state, load, seconds } };
  const orders = copyOf(state.orders);
  const { job, ...last } = core.order(orders, load / seconds);
  return { state: { ...state, orders, last, load: 0, seconds: 0 }, job };
}

/** Busy slots that the load asks for: in the mean since the last decision, or what arrives times how long it holds a slot, where that is more. */
function loadOf(o: Observation): number {
  const busy = o.utilisation * o.ready * o.slots;
  return Math.max(busy, o.interval_s > 0 ? (o.arrivals / o.interval_s) * o.holding_s : 0);
}

/** The same, felt as late as calls may wait. */
function offeredTo(before: number, o: Observation, wait: number): number {
  const load = loadOf(o);
  return before < 0 ? load : followed(before, load, { interval_s: o.interval_s, memory_s: memoryOf(o.holding_s, wait) });
}

/** What earlier load taught, in steps of `step_s`. */
function taught(core: Core, o: ControllerAssets & { step_s: number; holding_s: number; wait: number }): OrderState {
  const { history, step_s, holding_s } = o;
  const state = core.initial();
  if (!history) return state;
  const width = Math.max(1, Math.round(step_s / history.step_s));
  const loads = offeredBy(history, { holding_s, wait: o.wait });
  const steps = Math.floor(loads.length / width);
  const first = Math.max(0, steps - HISTORY_MAX);
  const means = Array.from({ length: steps - first }, (_, step) => {
    const from = (first + step) * width;
    return loads.subarray(from, from + width).reduce((sum, load) => sum + load, 0) / width;
  });
  core.teach(state, means);
  return state;
}

/** The forecast's order, what the load needs that is there already, or the reactive rule's where there is no experience. */
function askedFor(
  { orders, last, lead }: Known,
  o: Observation,
  than: { rule: number; needed: number; announced: number },
): { asked: number; why: string } {
  if (last === null || orders.series.seen < COLD) return { asked: than.rule, why: 'there is too little experience: reactive' };
  const foreseen = within(o, last.wanted);
  if (than.announced > Math.max(foreseen, than.needed))
    return { asked: than.announced, why: `${Math.round(100 * (lead.ratio - 1))} % more sessions start than usual` };
  if (than.needed > foreseen) return { asked: than.needed, why: 'load is above the forecast: reactive' };
  return {
    asked: foreseen,
    why: last.isGuarded ? 'a reactive rule has been cheaper' : 'that is the cheapest for the steps on their way',
  };
}

/** Not less than what was asked for a little while ago. Adds to what is remembered. */
function held(state: State, o: Observation, { asked, hold_s }: { asked: number; hold_s: number }): number {
  state.recent = [...state.recent.filter(([at_s]) => o.at_s - at_s < hold_s - 1e-9), [o.at_s, asked]];
  const current = o.ready + o.starting;
  if (asked >= current) return asked;
  const recent = Math.max(...state.recent.map(([, wanted]) => wanted));
  return within(o, Math.min(current, recent));
}

/** `forecast 84/s at 12:30, 17 instances at the cost's quantile: `; nothing before there is a forecast. */
function foreseen({ last }: State, o: Observation, ahead_s: number): string {
  if (last === null) return '';
  const rate = last.middle / Math.max(1e-9, o.holding_s);
  const at = Math.round(o.at_s + ahead_s);
  const clock = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
  return `forecast ${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)}/s at ${clock}, upper ${Math.round(last.upper)} instances: `;
}
