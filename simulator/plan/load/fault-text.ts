import { FAULT_KINDS, type Fault, type FaultKind } from '../../domain/fault.ts';
import { nearest } from '../../domain/nearest.ts';
import type { Problem } from '../../domain/problem.ts';
import { secondsOf } from '../../domain/seconds.ts';

/** The grammar of a fault, for messages and for help. */
export const FAULT_GRAMMAR = "KIND TARGET [by AMOUNT] at TIME for TIME, such as 'stop sqs at 600s for 60s'";

const PREPOSITIONS = ['by', 'to', 'at', 'for'];

/**
 * Reads `KIND TARGET [by AMOUNT] at TIME for TIME`: one sentence, one fault. `to` says the same as `by`.
 *
 * AMOUNT is a share (`50%`, `0.5`), a number (`2`) or a factor (`x5`); TIME is `90`, `90s`, `10m` or `2h`. What the words mean together is
 * judged with the rest of the scenario.
 */
export function parseFault(text: string): { fault: Fault } | { problems: Problem[] } {
  const path = `--fault '${text.slice(0, 80)}'`;
  const words = text.trim().split(/\s+/);
  const kind = words.shift() ?? '';
  const problems = kindProblems(path, kind);
  const target = PREPOSITIONS.includes(words[0] ?? 'at') ? undefined : words.shift();
  const said = phrasesOf(words, path, problems);
  const at_s = timeOf(said.get('at'), { path, word: 'at', problems });
  const for_s = said.has('for') ? timeOf(said.get('for'), { path, word: 'for', problems }) : undefined;
  const amount = said.has('by') ? amountOf(said.get('by') ?? '', { path, kind, problems }) : undefined;
  if (problems.length > 0) return { problems };
  return {
    fault: {
      at_s,
      kind: kind as FaultKind,
      ...(for_s === undefined ? {} : { for_s }),
      ...(target === undefined ? {} : { target }),
      ...(amount === undefined ? {} : { amount }),
    },
  };
}

/** What is said by each preposition; with nothing after it, an empty text. */
function phrasesOf(words: string[], path: string, problems: Problem[]): Map<string, string> {
  const said = new Map<string, string>();
  while (words.length > 0) {
    const word = words.shift() as string;
    const key = word === 'to' ? 'by' : word;
    const value = PREPOSITIONS.includes(words[0] ?? 'at') ? '' : (words.shift() as string);
    if (!PREPOSITIONS.includes(word)) problems.push(unknownWord(path, word, value));
    else if (said.has(key)) problems.push({ path, message: `says ${word} twice`, expected: FAULT_GRAMMAR });
    else said.set(key, value);
  }
  return said;
}

function kindProblems(path: string, kind: string): Problem[] {
  if ((FAULT_KINDS as readonly string[]).includes(kind)) return [];
  if (kind === '') return [{ path, message: 'says nothing', expected: FAULT_GRAMMAR }];
  const suggestion = nearest(kind, FAULT_KINDS);
  const message = `there is no fault '${kind.slice(0, 40)}'`;
  return [{ path, message, expected: `one of ${FAULT_KINDS.join(', ')}`, ...(suggestion ? { suggestion } : {}) }];
}

function unknownWord(path: string, word: string, value: string): Problem {
  const suggestion = nearest(word, PREPOSITIONS);
  const message = `does not understand '${`${word} ${value}`.trim().slice(0, 40)}'`;
  return { path, message, expected: FAULT_GRAMMAR, ...(suggestion ? { suggestion } : {}) };
}

function timeOf(text: string | undefined, o: { path: string; word: string; problems: Problem[] }): number {
  const value = secondsOf(text ?? '');
  if (value >= 0 && value <= 604_800) return value;
  const message = text === undefined ? `does not say when it begins` : `says ${o.word} '${text.slice(0, 40)}'`;
  o.problems.push({ path: o.path, message, expected: `${o.word} TIME, such as ${o.word} 90s, ${o.word} 10m or ${o.word} 2h` });
  return 0;
}

/** A share, a number or a factor; all of a pool is what is meant when nothing is said. */
function amountOf(text: string, o: { path: string; kind: string; problems: Problem[] }): number | undefined {
  const match = /^(x?)(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const isMixed = match !== null && match[1] !== '' && match[3] !== '';
  if (match === null || isMixed) {
    o.problems.push({
      path: o.path,
      message: `says by '${text.slice(0, 40)}'`,
      expected: 'a share (50%), a number (2) or a factor (x5)',
    });
    return undefined;
  }
  const isShare = match[3] === '%';
  const value = isShare ? Number((Number(match[2]) / 100).toPrecision(12)) : Number(match[2]);
  return o.kind === 'kill' && isShare && value === 1 ? undefined : value;
}
