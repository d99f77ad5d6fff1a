import type { Application } from '../domain/application.ts';
import type { Problem } from '../domain/problem.ts';
import { type PlacedWrite, writesOf } from './effects.ts';
import { unknownName } from './unknown-name.ts';

/** What is wrong with writes that undo an effect or wait for the absence of one, and with what is published after a failure. */
export function checkUndoing(application: Application): Problem[] {
  const writes = writesOf(application);
  const known = [...new Set(writes.flatMap(({ step }) => (step.effect === undefined ? [] : [step.effect])))];
  const unknown = (path: string, name: string | undefined): Problem[] =>
    name === undefined || known.includes(name) ? [] : [unknownName(path, { what: 'effect', name, known })];
  return [
    ...writes.flatMap(({ step, path }) => unknown(`${path}.undoes`, step.undoes)),
    ...writes.flatMap(({ step, path }) => unknown(`${path}.unless`, step.unless)),
    ...writes.flatMap((write) => contradictions(write, writes)),
    ...openings(application, writes),
    ...failurePaths(application).flatMap(({ path, unless }) => unknown(`${path}.unless`, unless)),
  ];
}

function contradictions({ step, path }: PlacedWrite, writes: readonly PlacedWrite[]): Problem[] {
  const { undoes, unless, effect } = step;
  if (undoes === undefined && unless === undefined) return [];
  const problems: Problem[] = [];
  if (step.take !== undefined)
    problems.push({
      path: `${path}.take`,
      message: 'takes from a stock and undoes or waits',
      expected: 'two steps, one for each',
    });
  if (step.conditional !== undefined)
    problems.push({ path: `${path}.conditional`, message: 'is a condition beside another', expected: 'undoes or unless alone' });
  if (undoes === undefined) return problems;
  if (effect === undefined)
    problems.push({ path, message: `undoes ${undoes} without an effect of its own`, expected: 'an effect, such as refunded' });
  if (effect === undoes)
    problems.push({ path: `${path}.undoes`, message: 'undoes itself', expected: 'an effect of another step' });
  const other = writes.find((write) => write.step.effect === effect && write.step.undoes !== undoes);
  if (effect !== undefined && effect !== undoes && other !== undefined) {
    const message = `${effect} undoes ${undoes} here and ${other.step.undoes ?? 'nothing'} at ${other.path}`;
    problems.push({ path: `${path}.undoes`, message, expected: 'another effect for one of them' });
  }
  return [...problems, ...stocks({ step, path }, writes)];
}

/** Units can only go back to the row that they were taken from, and only if every step took as many. */
function stocks({ step, path }: PlacedWrite, writes: readonly PlacedWrite[]): Problem[] {
  const takes = writes.filter((write) => write.step.effect === step.undoes && write.step.take !== undefined);
  const [first] = takes;
  if (first === undefined) return [];
  const problems: Problem[] = [];
  if (step.write !== first.step.write)
    problems.push({
      path: `${path}.write`,
      message: `${step.undoes} took from ${first.step.write}`,
      expected: first.step.write,
    });
  if ((step.of ?? 'object') !== 'object')
    problems.push({ path: `${path}.of`, message: 'a stock is kept for objects', expected: 'object, or nothing' });
  const other = takes.find((write) => write.step.take !== first.step.take);
  if (other !== undefined)
    problems.push({
      path: `${other.path}.take`,
      message: `${step.undoes} takes ${first.step.take} elsewhere`,
      expected: 'as many',
    });
  return problems;
}

/** What opens an entity cannot take something back. */
function openings({ entities }: Application, writes: readonly PlacedWrite[]): Problem[] {
  return Object.entries(entities).flatMap(([name, { accepted }]) =>
    writes.some(({ step }) => step.effect === accepted && step.undoes !== undefined)
      ? [
          {
            path: `application.entities.${name}.accepted`,
            message: `${accepted} undoes something`,
            expected: 'an effect that does not',
          },
        ]
      : [],
  );
}

/** Everything that says what is published after a failure, with its path. */
export function failurePaths({
  operations,
  events,
}: Application): { path: string; publish: string; unless?: string | undefined }[] {
  const own = Object.entries(operations).map(([name, o]) => ({ path: `application.operations.${name}`, ...o }));
  const taken = Object.entries(events).flatMap(([event, { consumers }]) =>
    Object.entries(consumers).map(([name, c]) => ({ path: `application.events.${event}.consumers.${name}`, ...c })),
  );
  return [...own, ...taken].flatMap(({ path, on_failure }) =>
    on_failure === undefined ? [] : [{ path: `${path}.on_failure`, ...on_failure }],
  );
}
