import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../simulator/plan/load/load.ts';
import { setPath } from '../../simulator/plan/load/set.ts';
import { KNOWN, sound } from './fixture.ts';

function set(...assignments: string[]) {
  let value: unknown = sound();
  for (const assignment of assignments) {
    const changed = setPath(value, assignment);
    if ('problems' in changed) throw new Error(JSON.stringify(changed.problems));
    value = changed.value;
  }
  const loaded = loadScenario(value, KNOWN);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.scenario;
}

function refusal(assignment: string, scenario: unknown = sound()) {
  const changed = setPath(scenario, assignment);
  return 'problems' in changed ? changed.problems[0] : undefined;
}

describe('an assignment', () => {
  test('changes one number, whether it is written in the scenario or left to its default', () => {
    expect(set('application.components.judge.memory_mb=2048').application.components.judge?.memory_mb).toBe(2048);
    expect(set('application.components.page.memory_mb=2048').application.components.page?.memory_mb).toBe(2048);
    expect(set('warmup_s=5', 'drain_s=60')).toMatchObject({ warmup_s: 5, drain_s: 60 });
    expect(set('workload.arrivals.base.points.1.1=9').workload.arrivals).toMatchObject({
      base: {
        points: [
          [0, 1],
          [60, 9],
        ],
      },
    });
  });

  test('that begins with the kind of a part changes a parameter', () => {
    expect(set('sqs.judge.visibility_timeout_s=5', 'account.concurrency = 10').parameters).toEqual({
      'sqs.judge.visibility_timeout_s': 5,
      'account.concurrency': 10,
    });
    expect(set('parameters.sqs.visibility_timeout_s=7').parameters).toMatchObject({ 'sqs.visibility_timeout_s': 7 });
  });

  test('takes JSON, words and laws', () => {
    const law = '{"kind":"uniform","min":1,"max":2}';
    expect(set(`application.components.page.cpu_ms=${law}`).application.components.page?.cpu_ms).toEqual(JSON.parse(law));
    expect(set('application.components.judge.idempotent=false').application.components.judge?.idempotent).toBe(false);
    expect(set('application.components.judge.runtime=python3.13').application.components.judge?.runtime).toBe('python3.13');
  });

  test('places a component, adds an option, changes a platform', () => {
    expect(set('overrides.components.page.platform=function').overrides.components.page).toMatchObject({ platform: 'function' });
    expect(set('overrides.components.judge.platform=server').overrides.components.judge).toMatchObject({ platform: 'server' });
    expect(set('controller.options.target=0.5').controller?.options).toEqual({ target: 0.5 });
  });

  test('leaves the scenario that it was given alone', () => {
    const before = sound();
    setPath(before, 'workload.duration_s=5');
    expect(before).toEqual(sound());
  });
});

describe('an assignment that cannot be', () => {
  test.each([
    ['application.components.jugde.memory_mb=5', '--set application.components.jugde', 'judge'],
    ['application.components.judge.memry_mb=5', '--set application.components.judge.memry_mb', 'memory_mb'],
    ['aplication.name=x', '--set aplication', 'application'],
    ['sqss.visibility_timeout_s=5', '--set sqss', 'sqs'],
    ['workload.arrivals.bse.kind=x', '--set workload.arrivals.bse', 'base'],
  ])('%s names the nearest', (assignment, path, suggestion) => {
    expect(refusal(assignment)).toMatchObject({ path, suggestion });
  });

  test.each([
    ['application.components.judge.memory_mb=512MB', 'is "512MB"'],
    ['application.components.judge.memory_mb="512"', 'is "512"'],
    ['application.components.judge.memory_mb=-1', 'is -1'],
    ['application.components.judge.memory_mb=NaN', 'is "NaN"'],
    ['application.components.judge.description=5', 'is 5'],
    ['application.components.judge.idempotent=no', 'is "no"'],
    ['sqs.visibility_timeout_s=soon', 'is "soon"'],
    ['workload.arrivals.base.points.7.1=3', 'there is no such field'],
    ['application.name.first=3', 'there is no such field'],
    ['__proto__.polluted=1', 'this path is not allowed'],
    ['application.constructor.x=1', 'this path is not allowed'],
    ['sqs..x=1', 'this path is not allowed'],
    ['no equals sign', "is 'no equals sign'"],
    ['seeds=', "is 'seeds='"],
    ['=5', "is '=5'"],
  ])('%s is refused', (assignment, message) => {
    expect(refusal(assignment)?.message).toBe(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a new component is not one number that changes', () => {
    expect(refusal('application.components.extra.cpu_ms=5')?.expected).toBe('one of cache, page, book, judge');
  });

  test('a scenario that is nothing yet is no reason to break', () => {
    expect(refusal('seeds=3', undefined)).toBeUndefined();
    expect(refusal('application.name=x', { application: 5 })?.message).toBe('there is no such field');
  });
});
