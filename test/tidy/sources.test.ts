import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Distribution, quantile } from '../../simulator/domain/distribution.ts';
import type { Sourced } from '../../simulator/domain/sourced.ts';
import { load, members } from './tree.ts';

type Cited = Sourced<Distribution>;

/** Something by which a stranger finds the source again. */
const FINDABLE = [
  /https?:\/\/\S+/,
  /\b[a-z0-9-]+\.(?:com|org|io|net|dev)\b/,
  /\b[\w.-]+\/[\w.-]+@[0-9a-f]{7}/,
  /\bgithub [\w.-]+\/[\w.-]+/,
  /\([\w-]+\/[\w.-]+\)/,
  /\bawsdocs [\w-]+@[0-9a-f]{7}/,
  /\barXiv \d{4}\.\d{5}/,
  /\b[A-Z]{4,} \d{4}\b/,
  /\bPrice List API \w+ pub\. \d{4}-\d\d-\d\d\b/,
  /\bAWS \w+ (?:developer guide|instance types)\b/,
];

/** Numbers whose source cannot be found again, by file. They have to get one; no other may join. */
const UNFINDABLE: Readonly<Record<string, number>> = {
  'simulator/prices/machines.ts': 8,
};

function isSourced(value: unknown): value is Cited {
  return typeof value === 'object' && value !== null && 'value' in value && 'source' in value;
}

/** Every number with a source below a value, with the names on the way. */
function sourced(value: unknown, path: string): [string, Cited][] {
  if (isSourced(value)) return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => sourced(below, `${path} ${name}`));
}

const FOLDERS = ['simulator/plan/parameters/', 'simulator/prices/'];
const NUMBERS = (
  await Promise.all(
    FOLDERS.flatMap(members).map(async (path) =>
      Object.entries(await load(path)).flatMap(([name, value]) => sourced(value, `${path} ${name}`)),
    ),
  )
).flat();

function wrong(isWrong: (number: Cited) => boolean, numbers = NUMBERS): string[] {
  return numbers.filter(([, number]) => isWrong(number)).map(([path, { source, date }]) => `${path}: "${source}", ${date}`);
}

/** The first instant of a date, or NaN for what is none. */
function instantOf(date: string): number {
  const [year, month = '01', day = '01', ...rest] = date.split('-');
  const iso = `${year}-${month}-${day}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return rest.length === 0 && !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso) ? at : Number.NaN;
}

describe('every number from outside', () => {
  it('is looked at', () => {
    expect(NUMBERS.length).toBeGreaterThan(200);
    for (const file of ['gateway.ts', 'sqs.ts', 'server.ts', 'machines.ts', 'network.ts', 'free-tier.ts']) {
      expect(
        NUMBERS.some(([path]) => basename(path.split(' ')[0] as string) === file),
        file,
      ).toBe(true);
    }
  });

  it('has a unit and is measured, documented or assumed', () => {
    expect(wrong(({ unit, kind }) => unit.trim() === '' || !['measured', 'documented', 'assumed'].includes(kind))).toEqual([]);
  });

  it('has an ISO date that is not in the future', () => {
    expect(wrong(({ date }) => !(instantOf(date) <= Date.now()))).toEqual([]);
  });

  it('has a source that can be found again, unless it is assumed and says why', () => {
    const isLost = ({ kind, source }: Cited) =>
      kind === 'assumed' ? !/^assumed: \S.{9}/.test(source) : !FINDABLE.some((mark) => mark.test(source));
    const lost = NUMBERS.filter(([, number]) => isLost(number));
    const known = (path: string) => Object.hasOwn(UNFINDABLE, path.split(' ')[0] as string);
    expect(
      wrong(
        isLost,
        NUMBERS.filter(([path]) => !known(path)),
      ),
      'a URL, a repository, a paper: what a stranger can open',
    ).toEqual([]);
    const counts = Object.keys(UNFINDABLE).map((file) => [file, lost.filter(([path]) => path.startsWith(`${file} `)).length]);
    expect(Object.fromEntries(counts), 'these are known; fewer means that UNFINDABLE can shrink').toEqual(UNFINDABLE);
  });

  it('has a range around it where it is assumed', () => {
    const isOutside = ({ kind, value, range }: Cited) => {
      if (kind !== 'assumed') return false;
      const typical = quantile(value, 0.5);
      return range === undefined || !(range[0] < range[1]) || typical < range[0] || typical > range[1];
    };
    expect(wrong(isOutside)).toEqual([]);
  });
});

describe('a date', () => {
  it.each([
    ['2026-09-28', true],
    ['2026-08', true],
    ['2021', true],
    ['2026-02-30', false],
    ['28.09.2026', false],
    ['2026-09-28-1', false],
    ['recently', false],
  ])('%s is one: %s', (date, isOne) => {
    expect(!Number.isNaN(instantOf(date))).toBe(isOne);
  });
});
