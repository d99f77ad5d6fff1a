import { describe, expect, test } from 'vitest';
import { quantile } from '../../simulator/domain/distribution.ts';
import type { Instruction, Plan } from '../../simulator/domain/plan.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { planOf, scenario } from './fixture.ts';

const part = (plan: Plan, path: string) => plan.parts.find((p) => p.path === path) as Plan['parts'][number];
const component = (plan: Plan, name: string) => plan.components.find((c) => c.name === name) as Plan['components'][number];

function sites(program: readonly Instruction[]): string[] {
  return program.flatMap((step) => {
    const below = step.do === 'parallel' ? step.branches.flat() : step.do === 'lookup' ? step.otherwise : [];
    return [step.site, ...sites(below)];
  });
}

describe('a plan', () => {
  test.each(Object.keys(STRATEGIES))('of %s survives JSON and is the same when compiled again', (strategy) => {
    const plan = planOf(scenario(), strategy);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(JSON.stringify(planOf(scenario(), strategy))).toBe(JSON.stringify(plan));
  });

  test('has a part for each component, overflow, consumer and store, under stable paths', () => {
    expect(planOf(scenario(), 'hybrid-burst').parts.map((p) => p.path)).toEqual([
      'gateway',
      'account',
      'edge/edge',
      'server/auth',
      'server/feed',
      'server/recommend',
      'server/post',
      'server/fan-out',
      'server/moderation',
      'server/transcode',
      'server/ledger',
      'function/auth+burst',
      'function/feed+burst',
      'function/recommend+burst',
      'function/post+burst',
      'function/ledger+burst',
      'sqs/post-created/fan-out',
      'sqs/post-created/moderation',
      'sqs/post-created/transcode',
      'postgres',
      'dynamodb/feeds',
      'dynamodb/posts',
      's3/media',
    ]);
  });

  test('names steps by their path in the application, the same under every strategy', () => {
    const names = sites(planOf(scenario(), 'hybrid').operations[1]?.program ?? []);
    expect(names).toEqual([
      'operations.view-feed.steps.0',
      'operations.view-feed.steps.0.otherwise.0',
      'operations.view-feed.steps.0.otherwise.0.parallel.0',
      'operations.view-feed.steps.0.otherwise.0.parallel.1',
      'operations.view-feed.steps.0.otherwise.1',
    ]);
    for (const strategy of Object.keys(STRATEGIES)) {
      const all = (plan: Plan) => [...plan.operations, ...plan.components].flatMap((p) => sites(p.program));
      expect(all(planOf(scenario(), strategy))).toEqual(all(planOf(scenario(), 'hybrid')));
      expect(new Set(all(planOf(scenario(), strategy))).size).toBe(all(planOf(scenario(), strategy)).length);
    }
  });

  test('resolves names to places in its lists', () => {
    const plan = planOf(scenario(), 'hybrid');
    const [call, read] = plan.operations[0]?.program ?? [];
    expect(call).toMatchObject({ do: 'call', component: plan.components.findIndex((c) => c.name === 'auth') });
    expect(read).toMatchObject({
      do: 'read',
      dataset: plan.datasets.findIndex((d) => d.name === 'accounts'),
      of: 'actor',
      consistent: true,
    });
    expect(plan.operations[1]).toMatchObject({ requires: 0, creates: -1 });
    expect(plan.operations[2]).toMatchObject({ requires: 0, creates: 0 });
    const [lookup] = plan.operations[1]?.program ?? [];
    expect(lookup?.do === 'lookup' && plan.parts[lookup.edge]?.path).toBe('edge/edge');
    const consumer = plan.events[0]?.consumers[0];
    expect(consumer).toMatchObject({ attribute: 'followers', each: 100 });
    expect(plan.parts[consumer?.queue ?? -1]?.path).toBe('sqs/post-created/fan-out');
    expect(plan.events[0]?.consumers[1]).toMatchObject({ attribute: '', each: 0 });
  });

  test('gives effects the roles that checks look for', () => {
    const plan = planOf(scenario(), 'hybrid');
    expect(plan.effects.map((e) => `${e.name}: ${e.role}`)).toEqual([
      'published: published',
      'worked-off: worked-off',
      'shown: shown',
      'stale-read: stale-read',
      'dead-lettered: dead-lettered',
      'suppressed: suppressed',
      'post-accepted: accepted',
      'delivered: applied',
      'moderated: applied',
    ]);
    expect(plan.entities).toEqual([{ name: 'post', accepted: 6, shownAfter: 8, reserved: -1, charged: -1 }]);
    const writes = component(plan, 'post').program.filter((step) => step.do === 'write');
    expect(writes.map((step) => step.effect)).toEqual([6, -1]);
  });

  test('leaves out a tenth of the run as warm-up, a minute at most, unless the scenario says how much', () => {
    expect(planOf(scenario(), 'hybrid', { duration_ms: 300_000 }).warmup_ms).toBe(30_000);
    expect(planOf(scenario(), 'hybrid', { duration_ms: 6_000_000 }).warmup_ms).toBe(60_000);
    expect(planOf(scenario({ warmup_s: 5 }), 'hybrid').warmup_ms).toBe(5_000);
  });
});

describe('GPU work', () => {
  test('stays on the card where there is one, and becomes CPU work where there is none', () => {
    expect(component(planOf(scenario(), 'hybrid-gpu'), 'moderation')).toMatchObject({ cpu_ms: 10, gpu_ms: 30 });
    expect(component(planOf(scenario(), 'hybrid'), 'moderation')).toMatchObject({ cpu_ms: 10 + 12 * 30, gpu_ms: 0 });
    const set = scenario({ parameters: { 'server.cpu_per_gpu': 20 } });
    expect(component(planOf(set, 'hybrid'), 'moderation').cpu_ms).toBe(610);
    expect(component(planOf(set, 'all-functions'), 'moderation').cpu_ms).toBe(370);
  });

  test('of a law stays a law: the sum at every quantile', () => {
    const s = scenario();
    const moderation = s.application.components.moderation as { cpu_ms: unknown; gpu_ms: unknown };
    moderation.cpu_ms = { kind: 'exponential', mean: 10 };
    moderation.gpu_ms = { kind: 'lognormal', p50: 30, p99: 90 };
    const law = component(planOf(s, 'hybrid'), 'moderation').cpu_ms;
    for (const p of [0.5, 0.9, 0.99]) {
      const exact = quantile({ kind: 'exponential', mean: 10 }, p) + 12 * quantile({ kind: 'lognormal', p50: 30, p99: 90 }, p);
      expect(quantile(law, p)).toBeCloseTo(exact, 6);
    }
  });
});

describe('parameters of a plan', () => {
  test('the number for one owner wins over the number for the kind, and that over the default', () => {
    const parameters = { 'sqs.visibility_timeout_s': 60, 'sqs.moderation.visibility_timeout_s': 90 };
    const plan = planOf(scenario({ parameters }), 'hybrid');
    expect(part(plan, 'sqs/post-created/moderation').values.visibility_timeout_s).toBe(90);
    expect(part(plan, 'sqs/post-created/fan-out').values.visibility_timeout_s).toBe(60);
    const listed = plan.parameters.filter((p) => p.path.endsWith('visibility_timeout_s'));
    expect(listed.map((p) => [p.path, p.value, p.source, p.kind])).toEqual([
      ['sqs.moderation.visibility_timeout_s', 90, 'scenario', 'assumed'],
      ['sqs.visibility_timeout_s', 60, 'scenario', 'assumed'],
    ]);
  });

  test.each(Object.keys(STRATEGIES))('every number of every part of %s is listed with its source', (strategy) => {
    const plan = planOf(scenario(), strategy);
    const listed = new Map(plan.parameters.map((p) => [p.path, p]));
    for (const { kind, owner, values } of plan.parts) {
      for (const [name, value] of Object.entries(values)) {
        const parameter = listed.get(`${kind}.${owner}.${name}`) ?? listed.get(`${kind}.${name}`);
        expect(parameter?.value, `${kind}.${owner}.${name}`).toEqual(value);
        expect(parameter?.source).not.toBe('');
      }
    }
  });

  test('a heavier package and another runtime start more slowly', () => {
    const init = (change: object) => {
      const s = scenario();
      Object.assign(s.application.components.auth as object, change);
      return quantile(part(planOf(s, 'all-functions'), 'function/auth').values.init_ms ?? 0, 0.5);
    };
    expect(init({ package_mb: 30 }) - init({ package_mb: 10 })).toBeCloseTo(400, 6);
    expect(init({ runtime: 'java21' })).toBeGreaterThan(init({ runtime: 'go' }) + 150);
  });

  test('a function that only events start may run for fifteen minutes, one that users wait for half a minute', () => {
    const plan = planOf(scenario(), 'all-functions');
    expect(part(plan, 'function/transcode').values.timeout_s).toBe(900);
    expect(part(plan, 'function/feed').values.timeout_s).toBe(30);
  });

  test('the placement of a server, a function and a GPU sets their own numbers', () => {
    const components = {
      auth: { platform: 'server', instance: 'c7i.xlarge', slots: 5 },
      feed: { platform: 'function', architecture: 'x86_64', provisioned: 3, reserved: 9 },
      moderation: { platform: 'gpu', instance: 'g5.xlarge', batch_max: 8, batch_wait_ms: 7 },
    } as const;
    const plan = planOf(scenario({ overrides: { components } }), 'all-servers');
    expect(part(plan, 'server/auth').values).toMatchObject({ cores: 4, memory_gb: 8, slots: 5, speed: 0.76 });
    expect(part(plan, 'function/feed')).toMatchObject({
      words: { architecture: 'x86_64' },
      values: { provisioned: 3, reserved: 9 },
    });
    expect(part(plan, 'gpu/moderation').values).toMatchObject({ batch_max: 8, batch_wait_ms: 7, memory_gb: 24 });
  });

  test('consistent reads of a dataset hold for every step that does not say otherwise', () => {
    const s = scenario({ overrides: { datasets: { feeds: { store: 'dynamodb', consistent_reads: true } } } });
    const [read] = component(planOf(s, 'hybrid'), 'feed').program;
    expect(read).toMatchObject({ do: 'read', consistent: true });
    expect(component(planOf(scenario(), 'hybrid'), 'feed').program[0]).toMatchObject({ consistent: false });
  });
});
