import { describe, expect, test } from 'vitest';
import { nearest } from '../../simulator/domain/nearest.ts';
import { StrategySchema } from '../../simulator/domain/placement.ts';
import type { Scenario, ScenarioInput } from '../../simulator/domain/scenario.ts';
import { problemsOf, scenario } from './fixture.ts';

const overriding = (components: NonNullable<ScenarioInput['overrides']>['components']) => scenario({ overrides: { components } });
const first = (s: Scenario, strategy = 'all-servers') => problemsOf(s, strategy)[0];

function changed(change: (application: Scenario['application']) => void): Scenario {
  const s = scenario();
  change(s.application);
  return s;
}

describe('a placement that cannot be', () => {
  test('a component that needs more memory than a function can have', () => {
    const s = changed((a) => {
      (a.components.feed as { memory_mb: number }).memory_mb = 12_000;
    });
    const [problem, ...others] = problemsOf(s, 'all-functions');
    expect(problem).toMatchObject({
      path: 'strategies.all-functions.components.2',
      message: expect.stringContaining('12000 MB'),
    });
    expect(others).toEqual([]);
  });

  test('a function given less memory than its component needs', () => {
    expect(first(overriding({ moderation: { platform: 'function', memory_mb: 512 } }))).toMatchObject({
      path: 'overrides.components.moderation',
      message: 'moderation needs 2048 MB and is given 512',
    });
  });

  test('a GPU for a component that has no work for it, and an instance without a GPU', () => {
    expect(first(overriding({ auth: { platform: 'gpu' } }))?.message).toBe('auth has no work for a GPU');
    const onM7g = first(overriding({ moderation: { platform: 'gpu', instance: 'm7g.large' } }));
    expect(onM7g).toMatchObject({ message: 'm7g.large has no GPU', expected: expect.stringContaining('g4dn.xlarge') });
  });

  test('the edge for what is no cache, and a cache anywhere else', () => {
    expect(first(overriding({ auth: { platform: 'edge' } }))?.message).toMatch(/auth is no cache/);
    expect(first(overriding({ edge: { platform: 'server' } }))?.message).toMatch(/edge is a cache/);
  });

  test('an unknown instance type, with the nearest one', () => {
    expect(first(overriding({ auth: { platform: 'server', instance: 'm7g.lagre' } }))).toMatchObject({
      path: 'overrides.components.auth.instance',
      suggestion: 'm7g.large',
    });
    expect(first(overriding({ auth: { platform: 'server', instance: 'constructor' } }))?.message).toMatch(
      /unknown instance type/,
    );
  });

  test('memory that does not fit an instance that the scenario chose itself', () => {
    const s = overriding({ moderation: { platform: 'server', instance: 'c7g.medium' } });
    (s.application.components.moderation as { memory_mb: number }).memory_mb = 4096;
    expect(first(s)?.message).toBe('moderation needs 4096 MB, c7g.medium has 2 GB');
  });

  test('an overflow function that is too small', () => {
    const s = overriding({ moderation: { platform: 'server', overflow: { memory_mb: 128 } } });
    expect(first(s)?.message).toBe('moderation needs 2048 MB and is given 128');
  });

  test('a minimum above the maximum, and a maximum of none', () => {
    expect(first(overriding({ auth: { platform: 'server', minimum: 5, maximum: 3 } }))?.message).toBe(
      'minimum 5 is above maximum 3',
    );
    expect(first(overriding({ auth: { platform: 'server', maximum: 0 } }))?.message).toMatch(/serves nobody/);
  });

  test('a strategy that forgets a component or a shape of data', () => {
    const forgetful = StrategySchema.parse({
      name: 'forgetful',
      description: 'only events',
      components: [{ when: { trigger: 'event' }, place: { platform: 'function' }, because: 'events' }],
      events: [{ place: { channel: 'sqs' }, because: 'queues' }],
      datasets: [{ when: { shape: 'blob' }, place: { store: 's3' }, because: 'blobs' }],
    });
    const problems = problemsOf(scenario(), forgetful);
    const paths = problems.map((p) => p.path);
    expect(paths).toContain('application.components.auth');
    expect(paths).toContain('application.datasets.accounts');
    expect(paths).not.toContain('application.components.moderation');
    expect(problems[0]?.message).toBe('strategy forgetful has no rule for edge (trigger request, short, cache)');
  });

  test('two database instances for one database, an unknown one, and an instance for a store without any', () => {
    const postgres = (instance: string) => ({ store: 'postgres', instance }) as const;
    const two = scenario({ overrides: { datasets: { accounts: postgres('db.m7g.large'), posts: postgres('db.m7g.xlarge') } } });
    expect(first(two)?.message).toMatch(/cannot be db.m7g.xlarge and db.m7g.large|cannot be db.m7g.large and db.m7g.xlarge/);
    const unknown = scenario({ overrides: { datasets: { accounts: postgres('db.m7g.larg') } } });
    expect(first(unknown)).toMatchObject({ path: 'overrides.datasets.accounts.instance', suggestion: 'db.m7g.large' });
    const s3 = scenario({ overrides: { datasets: { media: { store: 's3', instance: 'large' } } } });
    expect(first(s3)?.message).toBe('s3 has no instances');
  });
});

describe('names that nothing bears', () => {
  test('in overrides', () => {
    const s = scenario({
      overrides: {
        components: { moderatoin: { platform: 'function' } },
        events: { 'post-create': { channel: 'sqs' } },
        datasets: { feed: { store: 's3' } },
      },
    });
    expect(problemsOf(s, 'hybrid').map((p) => [p.path, p.suggestion])).toEqual([
      ['overrides.components.moderatoin', 'moderation'],
      ['overrides.events.post-create', 'post-created'],
      ['overrides.datasets.feed', 'feeds'],
    ]);
  });

  test('in parameters: kind, name and owner', () => {
    const parameters = {
      'sqss.visibility_timeout_s': 1,
      'sqs.visibility_timeout': 1,
      'sqs.moderatio.visibility_timeout_s': 1,
      'server.auth.__proto__': 1,
      'constructor.name': 1,
      sqs: 1,
    };
    const problems = problemsOf(scenario({ parameters }), 'hybrid');
    expect(problems.map((p) => [p.path, p.suggestion])).toEqual([
      ['parameters.sqss.visibility_timeout_s', 'sqs'],
      ['parameters.sqs.visibility_timeout', 'visibility_timeout_s'],
      ['parameters.sqs.moderatio.visibility_timeout_s', 'moderation'],
      ['parameters.server.auth.__proto__', undefined],
      ['parameters.constructor.name', undefined],
      ['parameters.sqs', undefined],
    ]);
  });

  test('in steps, at the step', () => {
    const s = changed((a) => {
      const steps = [
        { call: 'atuh' },
        { parallel: [{ read: 'feed' }, { cached: 'auth', ttl_s: 1, otherwise: [{ publish: 'post' }] }] },
      ];
      (a.operations['sign-in'] as { steps: unknown }).steps = steps;
    });
    expect(problemsOf(s, 'hybrid').map((p) => p.path)).toEqual([
      'application.operations.sign-in.steps.0.call',
      'application.operations.sign-in.steps.1.parallel.0.read',
      'application.operations.sign-in.steps.1.parallel.1.cached',
      'application.operations.sign-in.steps.1.parallel.1.otherwise.0.publish',
    ]);
  });

  test('the nearest name is offered only when it could have been meant', () => {
    expect(nearest('moderatoin', ['auth', 'moderation'])).toBe('moderation');
    expect(nearest('zzz', ['auth', 'moderation'])).toBeUndefined();
  });
});

describe('circles and values that no model works with', () => {
  test('a component that calls itself in the end', () => {
    const s = changed((a) => void a.components.recommend?.steps.push({ call: 'feed' }));
    expect(first(s)).toMatchObject({
      path: 'application.components.feed.steps',
      message: 'calls itself in the end: feed -> recommend -> feed',
    });
  });

  test('an event that starts itself again', () => {
    const s = changed((a) => void a.components.moderation?.steps.push({ publish: 'post-created' }));
    expect(first(s)?.message).toBe('calls itself in the end: moderation -> moderation');
  });

  test.each([
    ['server.slots', 0],
    ['sqs.batch_size', 0],
    ['function.memory_mb', 64],
    ['function.auth.memory_mb', 20_000],
    ['gpu.speed', 0],
    ['sqs.duplicate_rate', 2],
  ])('%s of %d is out of range', (path, value) => {
    expect(first(scenario({ parameters: { [path]: value } }))).toMatchObject({
      path: `parameters.${path}`,
      message: `${value} is out of range`,
    });
  });

  test('a rate that is no number', () => {
    const load = { first: Number.NaN, peak: 1, highest: Number.POSITIVE_INFINITY };
    expect(problemsOf(scenario(), 'hybrid', { load })).toHaveLength(2);
  });

  test('effects that no step has, and effects with a name of the simulator', () => {
    const s = changed((a) => {
      a.entities.post = { accepted: 'post-acepted', shown_after: 'moderated' };
      (a.components.ledger as { steps: unknown }).steps = [{ write: 'accounts', effect: 'published' }];
    });
    expect(problemsOf(s, 'hybrid').map((p) => [p.path, p.suggestion])).toEqual([
      ['application', undefined],
      ['application.entities.post.accepted', 'post-accepted'],
    ]);
  });

  test('everything is said at once', () => {
    const s = scenario({
      parameters: { 'server.slots': 0, 'sqs.nothing': 1 },
      overrides: { components: { nobody: { platform: 'edge' }, auth: { platform: 'gpu' } } },
    });
    (s.application.components.recommend as { steps: unknown }).steps = [{ call: 'feed' }, { read: 'nothing' }];
    expect(problemsOf(s, 'all-functions')).toHaveLength(6);
  });
});

describe('a write that takes from a stock', () => {
  const taking = (step: object) =>
    problemsOf(
      changed((a) => {
        (a.components.post as { steps: unknown[] }).steps = [{ write: 'posts', take: 1, ...step }];
      }),
      'all-functions',
    ).map(({ path, message }) => `${path}: ${message}`);
  const at = 'application.components.post.steps.0';

  test('needs a stock, the row of the object, and an effect', () => {
    const told = taking({ of: 'others' });
    expect(told).toContain(`${at}.take: posts keeps no stock to take from`);
    expect(told).toContain(`${at}.of: a stock is kept for objects`);
    expect(told).toContain(`${at}: takes without an effect`);
  });
});
