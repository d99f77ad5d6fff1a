import { describe, expect, test } from 'vitest';
import type { ComponentPlacement, Strategy } from '../../simulator/domain/placement.ts';
import { matches, placeComponents } from '../../simulator/plan/place.ts';
import { type Traits, traitsOf } from '../../simulator/plan/traits.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { planOf, scenario } from './fixture.ts';

const EVERY_TRAITS: Traits[] = [];
for (const trigger of ['request', 'event', 'both', undefined] as const) {
  for (const duration of ['short', 'long'] as const) {
    for (let bits = 0; bits < 8; bits++) {
      const flags = { gpu: (bits & 1) > 0, stateful: (bits & 2) > 0, cache: (bits & 4) > 0 };
      EVERY_TRAITS.push({ ...(trigger === undefined ? {} : { trigger }), duration, ...flags });
    }
  }
}

function placed(strategy: Strategy | string, changes: Parameters<typeof scenario>[0] = {}): Record<string, string> {
  const s = scenario(changes);
  const of = typeof strategy === 'string' ? (STRATEGIES[strategy] as Strategy) : strategy;
  const result = placeComponents(s, of, traitsOf(s.application));
  expect(result.problems).toEqual([]);
  return Object.fromEntries([...result.placed].map(([name, p]) => [name, inShort(p.placement)]));
}

function inShort(p: ComponentPlacement): string {
  if (p.platform !== 'server') return p.platform;
  return `server${p.overflow === undefined ? '' : '+function'}${p.reserved_share > 0 ? ' reserved' : ''}${inSpot(p.spot)}`;
}

function inSpot(spot: { on_demand_share: number } | undefined): string {
  return spot === undefined ? '' : ` spot above ${spot.on_demand_share}`;
}

describe('traits', () => {
  test('a component that operations and events reach is triggered by both, also through other components', () => {
    const s = scenario();
    const application = structuredClone(s.application);
    application.components['fan-out']?.steps.push({ call: 'recommend' });
    expect(traitsOf(application).get('recommend')?.trigger).toBe('both');
    expect(traitsOf(s.application).get('recommend')?.trigger).toBe('request');
    expect(traitsOf(s.application).get('moderation')?.trigger).toBe('event');
  });

  test('work of 200 ms is long, of less is short, and waiting on others does not count', () => {
    const application = structuredClone(scenario().application);
    const auth = application.components.auth as NonNullable<(typeof application.components)[string]>;
    auth.cpu_ms = 150;
    auth.io_ms = 49;
    expect(traitsOf(application).get('auth')?.duration).toBe('short');
    auth.io_ms = 50;
    expect(traitsOf(application).get('auth')?.duration).toBe('long');
    const post = application.components.post as typeof auth;
    post.steps.push({ call: 'auth' }, { call: 'auth' });
    expect(traitsOf(application).get('post')?.duration).toBe('short');
  });
});

describe('shipped strategies', () => {
  test.each(Object.entries(STRATEGIES))('%s has no rule that another one hides', (_, strategy) => {
    const first = new Set(EVERY_TRAITS.map((traits) => strategy.components.findIndex((rule) => matches(rule.when, traits))));
    expect([...first].sort()).toEqual(strategy.components.map((_, i) => i));
  });

  test.each(Object.entries(STRATEGIES))('%s has a rule for every combination of traits', (name, strategy) => {
    expect(strategy.name).toBe(name);
    for (const traits of EVERY_TRAITS) expect(strategy.components.some((rule) => matches(rule.when, traits))).toBe(true);
  });

  test('each puts the components of a small network where its description says', () => {
    const all = (where: string) => ({
      edge: 'edge',
      ...Object.fromEntries(
        ['auth', 'feed', 'recommend', 'post', 'fan-out', 'moderation', 'transcode', 'ledger'].map((name) => [name, where]),
      ),
    });
    expect(placed('all-functions')).toEqual(all('function'));
    expect(placed('all-servers')).toEqual(all('server'));
    expect(placed('hybrid')).toEqual({ ...all('server'), 'fan-out': 'function' });
    expect(placed('hybrid-gpu')).toEqual({
      ...all('server'),
      'fan-out': 'function',
      recommend: 'gpu',
      moderation: 'gpu',
      transcode: 'gpu',
    });
    expect(placed('hybrid-burst')).toEqual({
      ...all('server+function'),
      'fan-out': 'server',
      moderation: 'server',
      transcode: 'server',
    });
    expect(placed('spot-servers')).toEqual({
      ...all('server spot above 0.5'),
      'fan-out': 'server spot above 0',
      moderation: 'server spot above 0',
      transcode: 'server',
      ledger: 'server',
    });
    expect(placed('reserved-base')).toEqual({ ...all('server reserved'), 'fan-out': 'function' });
  });

  test('the front door is an HTTP API where functions answer, a load balancer where servers do', () => {
    const doorOf = (strategy: string) => planOf(scenario(), strategy).parts[0]?.words.type;
    expect(Object.keys(STRATEGIES).map((name) => [name, doorOf(name)])).toEqual([
      ['all-functions', 'http-api'],
      ['all-servers', 'load-balancer'],
      ['hybrid', 'load-balancer'],
      ['hybrid-burst', 'load-balancer'],
      ['hybrid-gpu', 'load-balancer'],
      ['reserved-base', 'load-balancer'],
      ['spot-servers', 'load-balancer'],
    ]);
  });
});

describe('who decides', () => {
  test('the first rule that matches wins over later ones', () => {
    const strategy = STRATEGIES['all-servers'] as Strategy;
    const [edge, events, rest] = strategy.components as [
      Strategy['components'][0],
      Strategy['components'][0],
      Strategy['components'][0],
    ];
    const toFunctions = { when: { trigger: 'request' }, place: { ...rest.place, ...FUNCTION }, because: 'first' } as typeof rest;
    expect(placed({ ...strategy, components: [edge, toFunctions, events, rest] }).auth).toBe('function');
    expect(placed({ ...strategy, components: [edge, events, rest, toFunctions] }).auth).toBe('server');
  });

  test('an override wins over every rule, for its component only', () => {
    const where = placed('all-servers', { overrides: { components: { auth: { platform: 'function' } } } });
    expect(where.auth).toBe('function');
    expect(where.feed).toBe('server');
  });

  test('a rule that would not fit takes a larger instance of its family and says so', () => {
    const s = scenario();
    (s.application.components.auth as { memory_mb: number }).memory_mb = 20_000;
    const plan = planOf(s, 'hybrid-burst');
    expect(plan.parts.find((p) => p.path === 'server/auth')?.words.instance).toBe('m7g.2xlarge');
    const decision = plan.decisions.find((d) => d.subject === 'auth');
    expect(decision?.because).toMatch(/m7g.2xlarge instead of m7g.large/);
    expect(decision?.because).toMatch(/no overflow/);
    expect(plan.components.find((c) => c.name === 'auth')?.overflow).toBe(-1);
  });
});

const FUNCTION = { platform: 'function', memory_mb: 'cheapest', architecture: 'arm64', provisioned: 0 } as const;
