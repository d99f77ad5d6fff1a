import { describe, expect, it } from 'vitest';
import type { Step } from '../../simulator/domain/application.ts';
import type { Scenario } from '../../simulator/domain/scenario.ts';
import { problemsOf, scenario } from './fixture.ts';

type Write = Extract<Step, { write: string }>;

/** What is wrong with the fixture once `moderation` also writes this. */
function wrongWith(step: Omit<Write, 'write'>, change: (a: Scenario['application']) => void = () => {}): string[] {
  const s = scenario();
  s.application.datasets.units = { description: 'units', shape: 'key-value', item_kb: 1, stored_gb: 1, stock: STOCK };
  s.application.components.moderation!.steps.push({ write: 'units', take: 2, effect: 'taken' }, { write: 'units', ...step });
  change(s.application);
  return problemsOf(s, 'all-functions').map(({ path, message }) => `${path.replace(/^application\./, '')}: ${message}`);
}
const STOCK = { each: 5, hot_rows: 0, hot: 0 };
const AT = /^components\.moderation\.steps\.\d+/;

describe('a write that undoes', () => {
  it('is sound with an effect of its own, in the dataset of the stock', () => {
    expect(wrongWith({ effect: 'put-back', undoes: 'taken' })).toEqual([]);
  });

  it.each([
    [{ effect: 'put-back', undoes: 'takne' }, 'unknown effect "takne"'],
    [{ effect: 'put-back', unless: 'takne' }, 'unknown effect "takne"'],
    [{ undoes: 'taken' }, 'undoes taken without an effect of its own'],
    [{ effect: 'put-back', undoes: 'put-back' }, 'undoes itself'],
    [{ effect: 'put-back', undoes: 'taken', of: 'actor' }, 'a stock is kept for objects'],
    [{ effect: 'put-back', undoes: 'taken', conditional: true }, 'is a condition beside another'],
    [{ effect: 'put-back', unless: 'taken', take: 1 }, 'takes from a stock and undoes or waits'],
  ] as const)('%j is refused: %s', (step, message) => {
    const problems = wrongWith(step);
    expect(problems.some((problem) => AT.test(problem) && problem.includes(message))).toBe(true);
  });

  it('cannot put back into another dataset, undo two things under one name, or open an entity', () => {
    const another = (write: string, undoes: string) => (a: Scenario['application']) => {
      a.components.moderation!.steps.push({ write, effect: 'put-back', undoes });
    };
    const elsewhere = wrongWith({ effect: 'x', undoes: 'taken' }, another('posts', 'taken'));
    expect(elsewhere.some((p) => p.includes('taken took from units'))).toBe(true);
    const both = wrongWith({ effect: 'put-back', undoes: 'taken' }, another('posts', 'moderated'));
    expect(both.some((p) => p.includes('put-back undoes taken here and moderated at'))).toBe(true);
    const opening = wrongWith({ effect: 'put-back', undoes: 'taken' }, (a) => {
      a.entities.thing = { accepted: 'put-back' };
    });
    expect(opening).toEqual(['entities.thing.accepted: put-back undoes something']);
  });
});

describe('what follows a failure', () => {
  it('names an event and an effect that are there', () => {
    const problems = wrongWith({ effect: 'put-back' }, (a) => {
      const [name] = Object.keys(a.operations) as [string];
      a.operations[name]!.on_failure = { publish: 'nowhere', after_s: 0, unless: 'nothing' };
    });
    expect(problems.filter((p) => p.includes('.on_failure.')).map((p) => p.replace(/.*on_failure/, 'on_failure'))).toEqual([
      'on_failure.publish: unknown event "nowhere"',
      'on_failure.unless: unknown effect "nothing"',
    ]);
  });

  it('cannot start what failed again and again', () => {
    const problems = wrongWith({ effect: 'put-back' }, (a) => {
      const [event] = Object.keys(a.events) as [string];
      const [consumer] = Object.keys(a.events[event]!.consumers) as [string];
      a.events[event]!.consumers[consumer]!.on_failure = { publish: event, after_s: 0 };
    });
    expect(problems.some((p) => p.includes('calls itself in the end'))).toBe(true);
  });
});
