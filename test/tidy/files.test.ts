import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, lineAt, SOURCES, text, withoutComments } from './tree.ts';

const LINES_MAX = 300;

/** Files above the limit, with the reason. One that is short again has to leave. */
const LONG: Readonly<Record<string, string>> = {};

const PRODUCT = ['simulator/', 'workloads/', 'scenarios/', 'reports/'];
const CODE = ['simulator/', 'workloads/', 'scenarios/', 'reports/', 'bench/', 'scripts/', 'test/', 'vitest.'];

interface Ban {
  readonly call: RegExp;
  /** Beginnings of the paths where it is banned. */
  readonly where: readonly string[];
  readonly instead: string;
  /** Files where it is right, or beginnings of folders (with a slash at their end), and why. */
  readonly but: Readonly<Record<string, string>>;
  /** Looked for in comments too. */
  readonly inComments?: true;
}

const BANS: Readonly<Record<string, Ban>> = {
  'random numbers': {
    call: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b/,
    where: PRODUCT,
    instead: 'a draw keyed by what it is for (simulator/domain/draws.ts): the same seed has to give the same bytes',
    but: { 'simulator/worlds/live/stacks/secret.ts': 'a password that nobody can guess' },
  },
  clocks: {
    call: /\bDate\.now\b|\bnew Date\b|\bDate\(\)|\bperformance\.(?:now|timeOrigin)\b|\bhrtime\b/,
    where: PRODUCT,
    instead: 'the time that the world hands in',
    but: {
      'simulator/cli/calibrate.ts': 'when a calibration was taken',
      'simulator/cli/progress.ts': 'how long somebody has been waiting',
      'simulator/cli/scenario.ts': 'when a report was made',
      'simulator/cli/gate.ts': 'how long a gate took',
      'simulator/cli/gate-live.ts': 'two processes begin at one wall time',
      'simulator/run/cell-worker.ts': 'how fast a cell was played',
      'simulator/run/trace-worker.ts': 'how long decisions took',
      'simulator/run/scenario.ts': 'how fast the run was',
      'simulator/run/outputs.ts': 'a name that no other run has, for a file until it is whole',
      'simulator/worlds/live/': 'real parts run in wall time',
      'workloads/drivers/': 'load is sent in wall time',
    },
  },
  timers: {
    call: /\bset(?:Timeout|Interval|Immediate)\b/,
    where: PRODUCT,
    instead: 'an event in the calendar queue',
    but: { 'simulator/worlds/live/': 'real parts run in wall time', 'workloads/drivers/': 'load is sent in wall time' },
  },
  'calls that print or exit': {
    call: /\bconsole\.|\bprocess\.(?:stdout|stderr|exit)\b/,
    where: [...PRODUCT, 'test/'],
    instead: 'a value or an error that simulator/cli/ prints',
    but: {
      'simulator/cli/': 'the only room that talks to a terminal',
      'simulator/worlds/live/programs/': 'processes of their own, whose words go to the log that their keeper keeps',
      'simulator/worlds/live/platforms/': 'inside those processes',
      'test/live/': 'holds programs that talk in lines to who started them',
      'test/contract/': 'holds the code of functions under test',
      'test/prove/': 'prints what it measured beside what was published',
      'workloads/drivers/k6.ts': 'in the script that it writes, which k6 runs',
      'test/virtual/planted-defects.test.ts': 'prints which check caught which defect',
    },
  },
  'variables of a module': {
    call: /^(?:export )?let\b/m,
    where: PRODUCT,
    instead: 'a const: bundles make every top-level name one (scripts/keep-const.mjs)',
    but: {},
  },
  'loose types': {
    call: /(?::|\bas|<|\||&|,)\s*any\b(?!\s*[:(.'])|\bany\[\]/,
    where: CODE,
    instead: 'the type, or unknown and a check',
    but: {},
  },
  'silenced types': {
    call: /@ts-(?:ignore|nocheck|expect-error)/,
    where: CODE,
    instead: 'code that the compiler follows',
    but: {},
    inComments: true,
  },
  'default exports': {
    call: /^export default\b|\bas default\b/m,
    where: CODE,
    instead: 'an export with the name that everybody uses',
    but: {
      'scenarios/': 'a scenario file is one value',
      'workloads/drivers/k6.ts': 'in the script that it writes, which k6 runs',
      'vitest.config.ts': 'the tool wants it so',
      'vitest.prove.config.ts': 'the tool wants it so',
    },
  },
  'tests alone': {
    call: /\b(?:it|test|describe)\.only\b/,
    where: ['test/'],
    instead: 'the whole suite',
    but: {},
  },
};

/** This file, which has to write what it bans. */
const SAMPLES = 'test/tidy/files.test.ts';

function starts(path: string, beginnings: readonly string[]): boolean {
  return beginnings.some((start) => path.startsWith(start));
}

function found(path: string, { call, inComments }: Ban): string[] {
  const source = inComments ? text(path) : withoutComments(text(path));
  const all = new RegExp(call.source, `${call.flags}g`);
  return [...source.matchAll(all)].map((match) => `${path}:${lineAt(source, match.index)} ${match[0].trim()}`);
}

describe('source files', () => {
  it(`have at most ${LINES_MAX} lines`, () => {
    const long = SOURCES.filter((path) => lineAt(text(path), text(path).length) - 1 > LINES_MAX);
    expect(long, 'split it by what it knows, or give a reason in LONG; a short file leaves LONG').toEqual(Object.keys(LONG));
  });

  it('are found in every room', () => {
    for (const room of PRODUCT) expect(SOURCES.filter((path) => path.startsWith(room)).length, room).toBeGreaterThan(4);
    expect(FILES).toContain('package.json');
  });

  it('are named after what they hold', () => {
    const catchAll = FILES.filter((path) => /^(?:utils?|helpers?|common|managers?|base|impl|misc|shared)\./.test(basename(path)));
    expect(catchAll, 'name it after its one main export').toEqual([]);
  });
});

describe.each(Object.entries(BANS))('%s', (_, ban) => {
  const places = SOURCES.filter((path) => starts(path, ban.where) && path !== SAMPLES);

  it('stand only where they have a reason', () => {
    const wrong = places.filter((path) => !starts(path, Object.keys(ban.but))).flatMap((path) => found(path, ban));
    expect(wrong, `instead: ${ban.instead}`).toEqual([]);
  });

  it('need each exception that is listed', () => {
    const files = Object.keys(ban.but).filter((path) => !path.endsWith('/'));
    const unused = files.filter((path) => !FILES.includes(path) || found(path, ban).length === 0);
    expect(unused, 'nothing banned is left there: take it off the list').toEqual([]);
  });
});

describe('a ban', () => {
  it.each([
    ['loose types', 'const x: any = 1', true],
    ['loose types', 'f(x as any)', true],
    ['loose types', 'Map<string, any>', true],
    ['loose types', 'type X = any[]', true],
    ['loose types', "'expected: any other name'", true],
    ['loose types', 'const any = 1; many(any)', false],
    ['clocks', 'performance.now()', true],
    ['clocks', 'new Date()', true],
    ['clocks', 'updated', false],
    ['random numbers', 'Math.random()', true],
    ['calls that print or exit', 'console.log(1)', true],
    ['default exports', 'export default defineScenario({', true],
    ['default exports', 'type Module = { default: number }', false],
  ] as const)('of %s sees %s: %s', (name, code, isBanned) => {
    expect((BANS[name] as Ban).call.test(code)).toBe(isBanned);
  });

  it('does not see comments, and keeps lines', () => {
    const template = `\`/* \${a} */\``;
    const code = withoutComments(`const a = 'http://x'; // Math.random()\n/* console.log()\n */ const b = ${template};\n`);
    expect(code).not.toMatch(/Math|console/);
    expect(code).toContain('http://x');
    expect(code).toContain(template);
    expect(code.split('\n')).toHaveLength(4);
  });
});
