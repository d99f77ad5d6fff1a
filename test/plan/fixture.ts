import type { Strategy } from '../../simulator/domain/placement.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import type { Problem } from '../../simulator/domain/problem.ts';
import type { ScenarioInput } from '../../simulator/domain/scenario.ts';
import { type Scenario, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { type CompileOptions, compile } from '../../simulator/plan/compile.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';

/** A small social network with one of everything: cache, nesting, parallel steps, an event with fan-out, models, three stores. */
export const APPLICATION: ScenarioInput['application'] = {
  name: 'small-network',
  description: 'for the tests of plan',
  users: { count: 1000, attributes: { followers: { kind: 'pareto', min: 50, exponent: 1.5, cap: 100_000 } } },
  objects: { count: 1000, zipf: 1 },
  components: {
    edge: { description: 'cache', cache: true },
    auth: { description: 'checks a token', cpu_ms: 5, memory_mb: 128 },
    feed: {
      description: 'builds a feed',
      cpu_ms: { kind: 'lognormal', p50: 10, p99: 40 },
      steps: [{ read: 'feeds' }, { call: 'recommend' }],
    },
    recommend: { description: 'ranks', cpu_ms: 2, gpu_ms: 8, memory_mb: 1024, runtime: 'python3.13' },
    post: {
      description: 'takes a post',
      cpu_ms: 8,
      steps: [{ write: 'posts', effect: 'post-accepted' }, { write: 'media' }, { publish: 'post-created' }],
    },
    'fan-out': { description: 'into feeds', cpu_ms: 20, steps: [{ write: 'feeds', items: 100, effect: 'delivered' }] },
    moderation: {
      description: 'image model',
      cpu_ms: 10,
      gpu_ms: 30,
      memory_mb: 2048,
      idempotent: false,
      runtime: 'python3.13',
      steps: [{ write: 'posts', effect: 'moderated' }],
    },
    transcode: { description: 'video', cpu_ms: 100, gpu_ms: 800, memory_mb: 2048, stateful: true },
    ledger: { description: 'keeps state', cpu_ms: 3, stateful: true, steps: [{ write: 'accounts' }] },
  },
  events: {
    'post-created': {
      description: 'a post is there',
      consumers: { 'fan-out': { messages_per: { attribute: 'followers', each: 100 } }, moderation: {}, transcode: {} },
    },
  },
  datasets: {
    feeds: { description: 'feeds', shape: 'key-value' },
    posts: { description: 'posts', shape: 'key-value' },
    media: { description: 'media', shape: 'blob', item_kb: 500 },
    accounts: { description: 'accounts', shape: 'relational' },
  },
  operations: {
    'sign-in': { description: 'in', steps: [{ call: 'auth' }, { read: 'accounts', of: 'actor', consistent: true }] },
    'view-feed': {
      description: 'feed',
      requires: 'sign-in',
      steps: [
        {
          cached: 'edge',
          ttl_s: 60,
          otherwise: [{ parallel: [{ call: 'auth' }, { call: 'feed' }] }, { show: 'post', of: 'object' }],
        },
      ],
    },
    'create-post': {
      description: 'post',
      requires: 'sign-in',
      creates: 'post',
      steps: [{ call: 'auth' }, { call: 'post' }, { call: 'ledger', optional: true }],
    },
  },
  entities: { post: { accepted: 'post-accepted', shown_after: 'moderated' } },
};

export const SHARES: ReadonlyMap<string, number> = new Map([
  ['sign-in', 0.2],
  ['view-feed', 0.6],
  ['create-post', 0.2],
]);

/** The small scenario, with parts of it changed. */
export function scenario(changes: Partial<ScenarioInput> = {}): Scenario {
  return ScenarioSchema.parse({
    name: 'small',
    description: 'for the tests of plan',
    application: APPLICATION,
    workload: {
      duration_s: 600,
      arrivals: { kind: 'constant', rate: 50 },
      sessions: { think_ms: 1000, start: { 'sign-in': 1 }, next: { 'sign-in': { leave: 1 } } },
    },
    strategies: ['hybrid'],
    ...changes,
  });
}

export type Settings = Partial<Omit<CompileOptions, 'scenario' | 'strategy'>>;

function options(of: Scenario, strategy: Strategy | string, settings: Settings): CompileOptions {
  return {
    scenario: of,
    strategy: typeof strategy === 'string' ? (STRATEGIES[strategy] as Strategy) : strategy,
    load: { first: 20, peak: 100, highest: 400 },
    shares: SHARES,
    duration_ms: 600_000,
    limits: [],
    ...settings,
  };
}

export function planOf(of: Scenario, strategy: Strategy | string, settings: Settings = {}): Plan {
  const compiled = compile(options(of, strategy, settings));
  if ('problems' in compiled) throw new Error(compiled.problems.map((p) => `${p.path}: ${p.message}`).join('\n'));
  return compiled.plan;
}

export function problemsOf(of: Scenario, strategy: Strategy | string, settings: Settings = {}): Problem[] {
  const compiled = compile(options(of, strategy, settings));
  return 'problems' in compiled ? compiled.problems : [];
}
