import type { Problem } from '../../simulator/domain/problem.ts';
import type { ScenarioInput } from '../../simulator/domain/scenario.ts';
import { parseObjective } from '../../simulator/measure/objectives.ts';
import { loadScenario } from '../../simulator/plan/load/load.ts';
import type { Known } from '../../simulator/plan/load/names.ts';

export const KNOWN: Known = {
  strategies: ['all-functions', 'all-servers', 'hybrid'],
  controllers: ['static', 'target-utilization'],
  checks: ['lost', 'twice'],
  objectiveProblem: (text, names) => {
    const parsed = parseObjective(text, names);
    return 'problem' in parsed ? parsed.problem.message : undefined;
  },
};

/** A scenario with one of everything that names can lead to. */
export function sound(): ScenarioInput {
  return {
    name: 'sound',
    description: 'nothing is wrong with it',
    application: {
      name: 'notes',
      description: 'people read and write notes',
      users: { count: 100, attributes: { followers: 5 } },
      objects: { count: 10, zipf: 1 },
      components: {
        cache: { description: 'near the users', cache: true },
        page: { description: 'shows', cpu_ms: { kind: 'lognormal', p50: 5, p99: 20 }, steps: [{ read: 'notes' }] },
        book: { description: 'writes', steps: [{ write: 'notes', effect: 'noted' }, { publish: 'note-taken' }] },
        judge: { description: 'model', gpu_ms: 20, memory_mb: 1024, steps: [{ write: 'notes', effect: 'judged' }] },
      },
      events: {
        'note-taken': { description: 'a note', consumers: { judge: { messages_per: { attribute: 'followers', each: 2 } } } },
      },
      datasets: { notes: { description: 'all notes', shape: 'key-value' } },
      operations: {
        read: { description: 'look', steps: [{ cached: 'cache', ttl_s: 5, otherwise: [{ call: 'page' }] }, { show: 'note' }] },
        write: {
          description: 'note',
          requires: 'read',
          creates: 'note',
          steps: [{ parallel: [{ call: 'book' }, { call: 'page' }] }],
        },
      },
      entities: { note: { accepted: 'noted', shown_after: 'judged' } },
    },
    workload: {
      duration_s: 60,
      arrivals: {
        kind: 'flash-crowd',
        base: {
          kind: 'ramp',
          points: [
            [0, 1],
            [60, 5],
          ],
        },
        at_s: 10,
        factor: 2,
        rise_s: 1,
        hold_s: 5,
        fall_s: 1,
        object: 0,
        operations: { read: 1 },
      },
      sessions: { think_ms: 100, start: { read: 1 }, next: { read: { write: 1, leave: 1 }, write: { leave: 1 } } },
    },
    strategies: ['hybrid'],
    controller: { name: 'static' },
    overrides: { components: { judge: { platform: 'gpu' } } },
    parameters: { 'sqs.judge.visibility_timeout_s': 60 },
    objectives: ['read p95 <= 100 ms', 'lag_p99 <= 5 s', 'lost == 0'],
    checks: ['lost'],
  };
}

/** The sound scenario as a tree in which a test can put anything anywhere: `undefined` takes away. */
export function broken(changes: Readonly<Record<string, unknown>>): unknown {
  const tree = structuredClone(sound()) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('/');
    let place = tree;
    for (const key of keys.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    const last = keys.at(-1) as string;
    if (value === undefined) delete place[last];
    else place[last] = value;
  }
  return tree;
}

export function problemsOf(value: unknown): Problem[] {
  const loaded = loadScenario(value, KNOWN);
  return 'problems' in loaded ? loaded.problems : [];
}
