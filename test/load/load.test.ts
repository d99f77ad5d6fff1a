import { describe, expect, test } from 'vitest';
import canary from '../../scenarios/canary.ts';
import hello from '../../scenarios/hello.ts';
import shopSale from '../../scenarios/shop-sale.ts';
import socialPeak from '../../scenarios/social-peak.ts';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import { CHECKS } from '../../simulator/measure/checks/index.ts';
import { loadScenario } from '../../simulator/plan/load/load.ts';
import { TUNABLE } from '../../simulator/run/learn.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { broken, KNOWN, problemsOf, sound } from './fixture.ts';

const only = (changes: Readonly<Record<string, unknown>>) => {
  const problems = problemsOf(broken(changes));
  expect(problems).toHaveLength(1);
  return problems[0];
};

describe('a sound scenario', () => {
  test('loads with its defaults filled in', () => {
    const loaded = loadScenario(sound(), KNOWN);
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.scenario.application.components.page?.memory_mb).toBe(128);
    expect(loaded.scenario.drain_s).toBe(900);
  });

  test.each([hello, socialPeak, shopSale, canary])(
    'the shipped $name has no problems and equals itself after JSON',
    (scenario) => {
      const known = {
        ...KNOWN,
        strategies: Object.keys(STRATEGIES),
        controllers: Object.keys(CONTROLLERS),
        tunable: TUNABLE,
        checks: CHECKS.map((check) => check.name),
      };
      expect(loadScenario(scenario, known)).toHaveProperty('scenario');
      expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
    },
  );

  test('is not changed by being loaded', () => {
    const before = sound();
    loadScenario(before, KNOWN);
    expect(before).toEqual(sound());
  });
});

test('a check or an objective that has nothing to look at is told, instead of holding whatever happens', () => {
  const known = { ...KNOWN, checks: ['lost', 'oversold'], isMeant: (name: string) => name === 'lost' };
  const loaded = loadScenario({ ...sound(), checks: ['lost', 'oversold'], objectives: ['oversold == 0'] }, known);
  const problems = 'problems' in loaded ? loaded.problems : [];
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'checks.1: oversold has nothing to look at in this application',
    'objectives.0: oversold has nothing to look at in this application',
  ]);
});

describe('a field', () => {
  const page = 'application/components/page';

  test('with a slip of the pen is named with the nearest field of that very table', () => {
    expect(only({ [`${page}/memry_mb`]: 5 })).toMatchObject({
      path: 'application.components.page.memry_mb',
      message: 'unknown field "memry_mb"',
      suggestion: 'memory_mb',
    });
    expect(only({ 'workload/sessions/think': 5 })).toMatchObject({
      message: 'unknown field "think"',
      expected: 'one of think_ms, start, next, actions_max',
    });
  });

  test('in words a person uses: missing, of another sort, too small, one of', () => {
    expect(only({ [`${page}/description`]: undefined })).toMatchObject({ message: 'is missing', expected: 'text' });
    expect(only({ [`${page}/cache`]: 'yes' })).toMatchObject({ message: 'is "yes"', expected: 'true or false' });
    expect(only({ [`${page}/error_rate`]: -0.5 })).toMatchObject({ expected: 'a number of at least 0' });
    expect(only({ [`${page}/runtime`]: 'nodjs22' })).toMatchObject({ suggestion: 'nodejs22' });
    expect(only({ seeds: 2.5 })).toMatchObject({ expected: 'a whole number' });
    expect(only({ strategies: [] })).toMatchObject({ expected: 'at least 1 entries' });
  });

  test('with a unit is told that the unit is in its name', () => {
    expect(only({ [`${page}/memory_mb`]: '512 MB' })?.expected).toBe('a plain number of megabytes, as memory_mb says');
    expect(only({ 'workload/duration_s': '30min' })?.expected).toBe('a plain number of seconds, as duration_s says');
  });

  test('that a function cannot have is explained', () => {
    const place = { platform: 'function', gpu: 'T4', instance: 'm7g.large' };
    const problems = problemsOf(broken({ 'overrides/components/judge': place }));
    expect(problems.map((p) => p.path)).toEqual(['overrides.components.judge.gpu', 'overrides.components.judge.instance']);
    expect(problems[0]?.message).toMatch(/functions have no GPU/);
  });
});

describe('a member of a union', () => {
  const steps = 'application/components/page/steps';

  test('a step without a known key lists the keys, and guesses', () => {
    expect(only({ [steps]: [{ raed: 'notes' }] })).toMatchObject({
      path: 'application.components.page.steps.0',
      expected: 'a step with one of call, publish, read, write, show, cached, parallel',
      suggestion: 'read',
    });
  });

  test('a step with a known key is judged as that step, nested ones too, all of its faults at once', () => {
    const step = {
      parallel: [
        { read: 'notes', items: 0, consistnt: true },
        { call: 'book', optional: 1 },
      ],
    };
    expect(problemsOf(broken({ [steps]: [step] })).map((p) => [p.path, p.suggestion])).toEqual([
      ['application.components.page.steps.0.parallel.0.items', undefined],
      ['application.components.page.steps.0.parallel.0.consistnt', 'consistent'],
      ['application.components.page.steps.0.parallel.1.optional', undefined],
    ]);
  });

  test('a law is judged by its kind, and an unknown kind lists the laws', () => {
    const cpu = 'application/components/page/cpu_ms';
    expect(only({ [cpu]: { kind: 'lognormal', p50: 5, p90: 9, p99: 20 } })).toMatchObject({ message: 'unknown field "p90"' });
    expect(only({ [cpu]: { kind: 'gaussian', mean: 5 } })?.expected).toMatch(
      /law: exponential, uniform, lognormal, pareto, quantiles|exponential/,
    );
    expect(only({ [cpu]: 'fast' })?.expected).toBe(
      'a number of at least 0, or a law: exponential, uniform, lognormal, pareto, quantiles',
    );
  });

  test('an arrival shape, a process and a platform list their kinds', () => {
    expect(only({ 'workload/arrivals/base/kind': 'rampp' })).toMatchObject({ suggestion: 'ramp' });
    expect(only({ 'workload/process': { kind: 'poison' } })).toMatchObject({ suggestion: 'poisson' });
    expect(only({ 'overrides/components/judge/platform': 'gpus' })?.expected).toBe('one of function, server, gpu, edge');
  });
});

describe('a name that leads nowhere', () => {
  test.each([
    ['application/components/page/steps', [{ call: 'boook' }], 'application.components.page.steps.0.call', 'book'],
    [
      'application/components/page/steps',
      [{ publish: 'note-takn' }],
      'application.components.page.steps.0.publish',
      'note-taken',
    ],
    [
      'application/operations/read/steps',
      [{ parallel: [{ read: 'note' }, { show: 'notes' }] }],
      'application.operations.read.steps.0.parallel.0.read',
      'notes',
    ],
    ['application/operations/write/requires', 'raed', 'application.operations.write.requires', 'read'],
    ['application/operations/write/creates', 'noet', 'application.operations.write.creates', 'note'],
    ['application/events/note-taken/consumers/juge', {}, 'application.events.note-taken.consumers.juge', 'judge'],
    [
      'application/events/note-taken/consumers/judge/messages_per/attribute',
      'follower',
      'application.events.note-taken.consumers.judge.messages_per.attribute',
      'followers',
    ],
    ['application/entities/note/accepted', 'notd', 'application.entities.note.accepted', 'noted'],
    ['overrides/components/pag', { platform: 'server' }, 'overrides.components.pag', 'page'],
    ['overrides/datasets/note', { store: 's3' }, 'overrides.datasets.note', 'notes'],
    ['workload/sessions/start/wirte', 1, 'workload.sessions.start.wirte', 'write'],
    ['workload/sessions/next/read/wirte', 1, 'workload.sessions.next.read.wirte', 'write'],
    ['workload/arrivals/operations/raed', 1, 'workload.arrivals.operations.raed', 'read'],
    ['strategies', ['hybird'], 'strategies.0', 'hybrid'],
    ['controller/name', 'statik', 'controller.name', 'static'],
    [
      'overrides/components/page',
      { platform: 'server', controller: { name: 'static-' } },
      'overrides.components.page.controller.name',
      'static',
    ],
    ['checks', ['losst'], 'checks.0', 'lost'],
    ['parameters/sqs.judge.visibility_timeot_s', 5, 'parameters.sqs.judge.visibility_timeot_s', 'visibility_timeout_s'],
  ])('%s', (where, value, path, suggestion) => {
    expect(problemsOf(broken({ [where]: value }))[0]).toMatchObject({ path, suggestion });
  });

  test('in an objective: of an operation, an event, a measure; and what does not parse', () => {
    const problems = problemsOf(
      broken({ objectives: ['raed p95 <= 5 ms', 'note-take lag_p99 <= 5 s', 'p96 <= 5 ms', 'read p95 => 3', ''] }),
    );
    expect(problems.map((p) => p.path)).toEqual([0, 1, 2, 3, 4].map((i) => `objectives.${i}`));
    expect(problems[0]?.message).toMatch(/raed.*did you mean read/);
    expect(problems[1]?.message).toMatch(/did you mean note-taken/);
  });

  test('in the controller of a strategy that the scenario brings along', () => {
    const strategy = {
      name: 'own',
      description: 'mine',
      components: [{ place: { platform: 'server', controller: { name: 'keda' } }, because: 'so' }],
      events: [{ place: { channel: 'sqs' }, because: 'so' }],
      datasets: [{ place: { store: 'dynamodb' }, because: 'so' }],
    };
    expect(only({ strategies: [strategy] })?.path).toBe('strategies.0.components.0.place.controller.name');
  });

  test('an array method or a name of every object is no name', () => {
    expect(problemsOf(broken({ strategies: ['to-string', 'length'] }))).toHaveLength(2);
    expect(only({ 'application/operations/write/requires': 'valueof' })?.message).toBe('unknown operation "valueof"');
  });
});
