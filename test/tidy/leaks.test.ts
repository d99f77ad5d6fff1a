import { describe, expect, it } from 'vitest';
import { FILES, lineAt, text } from './tree.ts';

/** What no file may hold, since it means nothing, or too much, on another machine. Patterns are written so that they miss themselves. */
const LEAKS: Readonly<Record<string, RegExp>> = {
  'paths of one machine': /(?<![\w.])\/(?:work|home|root|Users)\/|\b[A-Z]:\\{1,2}Users\b/,
  'folders outside the repository': /(?:\.\.\/)+shared(?![\w-])/,
  'notes that are not in the repository': /\bfacts\/[\w-]+\.(?:md|csv|json)\b|\b(?:see )?facts of \d{4}/,
  'hosts of other registries':
    /https?:\/\/(?!registry\.npmjs\.org[/'"`)\s])[\w.-]*(?:regist[r]y|artifact[o]ry|verdacc[i]o|\bnexus|\bmirror|\bproxy)[\w.-]*/,
  secrets: /\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bnpm_\w{30,}|-----BEGIN [A-Z ]*PRIVATE K[E]Y/,
};

function leaksIn(source: string, pattern: RegExp): { line: number; what: string }[] {
  const all = new RegExp(pattern.source, `${pattern.flags}g`);
  return [...source.matchAll(all)].map((match) => ({ line: lineAt(source, match.index), what: match[0] }));
}

describe.each(Object.entries(LEAKS))('%s', (_, pattern) => {
  it('stand in no file', () => {
    const leaks = FILES.flatMap((path) => leaksIn(text(path), pattern).map(({ line, what }) => `${path}:${line} ${what}`));
    expect(leaks).toEqual([]);
  });
});

describe('a leak', () => {
  const at = (...words: string[]) => words.join('/');
  it.each([
    ['paths of one machine', at('', 'home', 'me', 'x.csv'), true],
    ['paths of one machine', at('see ', 'work', 'main'), true],
    ['paths of one machine', at('docs', 'home', 'x'), false],
    ['folders outside the repository', at('..', '..', 'shared', 'x'), true],
    ['folders outside the repository', at('..', 'rules', 'shared-rules.ts'), false],
    ['hosts of other registries', at('https:', '', 'npm.registry.example', 'x'), true],
    ['hosts of other registries', at('https:', '', 'registry.npmjs.org', 'x'), false],
    ['notes that are not in the repository', at('as in facts', 'aws.md'), true],
  ])('of %s is seen in %s: %s', (name, sample, isOne) => {
    expect(leaksIn(sample, LEAKS[name] as RegExp).length > 0).toBe(isOne);
  });
});
