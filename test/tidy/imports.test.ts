import { describe, expect, it } from 'vitest';
import { FILES, type Import, importsIn, importsOf, SOURCES, text, withoutComments } from './tree.ts';

const DOMAIN = 'simulator/domain/';
const ANYTHING = [''];
/** What a world may take from measure: how to record. What decides over records is never a world's business. */
const RECORDERS = ['histogram', 'ledger', 'objectives', 'recorder'].map((file) => `simulator/measure/${file}.ts`);
const BELOW_RUN = ['plan', 'strategies', 'controllers', 'measure', 'prices'].map((room) => `simulator/${room}/`);

/** What the package in models/ brings along. */
const MODELS = [
  'nsfwjs',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
];

interface Row {
  /** Beginnings of the paths that the room may import beside itself. */
  readonly may: readonly string[];
  /** Packages and node modules; `node:` stands for all of these. */
  readonly packages: readonly string[];
}

/**
 * Room -> what it may import: domain <- plan, strategies, controllers, measure, prices, workloads <- worlds <- run <- cli.
 *
 * A room is the longest beginning of a file's path that stands here. Nobody imports cli, bench, scripts or test.
 */
const ROOMS: Readonly<Record<string, Row>> = {
  'simulator/domain/': { may: [], packages: ['zod'] },
  'simulator/plan/': { may: [DOMAIN], packages: ['yaml', 'zod'] },
  'simulator/strategies/': { may: [DOMAIN], packages: [] },
  'simulator/controllers/': { may: [DOMAIN, 'models/forecast/'], packages: [] },
  'simulator/prices/': { may: [DOMAIN], packages: [] },
  'simulator/measure/': { may: [DOMAIN, 'simulator/prices/'], packages: [] },
  'simulator/judge/': {
    may: [DOMAIN, 'simulator/controllers/', 'simulator/measure/', 'models/forecast/'],
    packages: [],
  },
  'models/forecast/': { may: [DOMAIN], packages: [] },
  'models/': { may: [DOMAIN, 'models/forecast/'], packages: MODELS },
  'workloads/': { may: [DOMAIN], packages: [] },
  'workloads/drivers/': { may: [DOMAIN, 'workloads/'], packages: ['node:', 'autocannon'] },
  'scenarios/': { may: [DOMAIN], packages: [] },
  'simulator/worlds/virtual/': { may: [DOMAIN, 'simulator/controllers/', 'workloads/', ...RECORDERS], packages: [] },
  'simulator/worlds/live/': { may: [DOMAIN, 'simulator/controllers/', 'workloads/', ...RECORDERS], packages: ANYTHING },
  'simulator/run/': {
    may: [DOMAIN, 'workloads/', 'simulator/judge/', 'models/forecast/', ...BELOW_RUN],
    packages: ['node:', 'tsx', 'esbuild'],
  },
  'simulator/cli': {
    may: ['simulator/', 'workloads/', 'scenarios/', 'reports/', 'models/'],
    packages: ['node:', 'commander'],
  },
  'simulator/index.ts': { may: [DOMAIN], packages: [] },
  'reports/': {
    may: [DOMAIN],
    packages: [
      '@observablehq/plot',
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      'cli-table3',
      'linkedom',
      'picocolors',
      'zod',
    ],
  },
  'bench/': { may: ['simulator/', 'workloads/', 'scenarios/', 'scripts/'], packages: ['node:', 'esbuild'] },
  'scripts/': { may: ['simulator/worlds/live/'], packages: ['node:', 'esbuild'] },
  'test/': { may: ANYTHING, packages: ANYTHING },
  'vitest.': { may: [], packages: ['vitest'] },
};

/** Single imports that the table forbids and that have a reason. One that is no longer made has to leave. */
const EXCEPTIONS: readonly { file: string; may: string; because: string }[] = [
  {
    file: 'simulator/run/cell-worker.ts',
    may: 'simulator/worlds/virtual/world.ts',
    because: 'a thread is handed data only, so its entry has to choose the world; nothing else in run names one',
  },
  { file: 'simulator/run/load.ts', may: 'scenarios/index.ts', because: 'finds a shipped scenario by its name' },
  { file: 'reports/write-schema.ts', may: 'node:fs', because: 'a script, started by `npm run schema`; no report imports it' },
];

/** Where a computed `import(...)` may stand, since this test cannot see what it loads. */
const COMPUTED: Readonly<Record<string, string>> = {
  'bench/run.mjs': 'starts the bundle that it has just made',
  'simulator/run/load.ts': 'loads a scenario file that the user names',
  'simulator/worlds/live/components/own-work.ts': 'loads the code that the user names, and the image model',
  'simulator/worlds/live/programs/lambda-environment.mjs': 'loads the handler of a function',
  'test/tidy/tree.ts': 'looks at every member of a registry',
};

/** Files that something outside the imports starts or loads. */
const ENTRIES = [
  'simulator/cli.ts',
  'simulator/index.ts',
  'simulator/run/worker-from-source.mjs',
  'simulator/worlds/live/programs/gateway.ts',
  'simulator/worlds/live/programs/worker.ts',
  'simulator/worlds/live/programs/driver.ts',
  'simulator/worlds/live/programs/follow-ups.ts',
  'simulator/worlds/live/programs/fit.ts',
  'simulator/worlds/live/programs/function.ts',
  'simulator/run/trace-worker-from-source.mjs',
  'simulator/worlds/live/programs/keeper.ts',
  'simulator/worlds/live/programs/bundle.ts',
  'simulator/worlds/live/programs/compose-end.ts',
  'simulator/worlds/live/programs/seat.ts',
  'simulator/worlds/live/programs/dynalite.ts',
  'simulator/worlds/live/programs/dynalite-module.d.ts',
  'simulator/worlds/live/programs/fauxqs.ts',
  'simulator/worlds/live/programs/lambda.ts',
  'simulator/worlds/live/programs/lambda-environment.mjs',
  'reports/write-schema.ts',
  'models/moderation/moderator.ts',
  'models/tensorflow.d.ts',
  'scripts/setup.mjs',
  'bench/run.mjs',
  'bench/bench.ts',
  'scripts/bundle.mjs',
  'vitest.config.ts',
  'vitest.prove.config.ts',
];

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => path.startsWith(room))
    .sort((a, b) => b.length - a.length)[0];
}

function isFile({ name }: Import): boolean {
  return name.startsWith('.');
}

function isAllowed(from: string, made: Import): boolean {
  const room = roomOf(from) as string;
  const { may, packages } = ROOMS[room] as Row;
  if (!isFile(made))
    return packages.some((name) => (name.endsWith(':') || name === '' ? made.to.startsWith(name) : made.to === name));
  return roomOf(made.to) === room || may.some((start) => made.to.startsWith(start));
}

/** Arrows that lie on circles, or between two: what is left after taking away, again and again, what has no arrow in or none out. */
function circles(arrows: readonly (readonly [string, string])[]): string[] {
  let left = [...new Set(arrows.map(([a, b]) => `${a} -> ${b}`))];
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const sources = new Set(left.map((arrow) => arrow.split(' -> ')[0]));
    const targets = new Set(left.map((arrow) => arrow.split(' -> ')[1]));
    left = left.filter((arrow) => {
      const [from, to] = arrow.split(' -> ');
      return targets.has(from) && sources.has(to);
    });
  }
  return left.sort();
}

const MADE = SOURCES.flatMap((file) => importsOf(file).map((made) => ({ file, made })));

describe('imports', () => {
  it('every source file has a room in the table', () => {
    const homeless = SOURCES.filter((file) => roomOf(file) === undefined);
    expect(homeless, 'give the new room a row that follows the direction of the design').toEqual([]);
  });

  it('go only where the table of rooms lets them', () => {
    const wrong = MADE.filter(({ file, made }) => roomOf(file) && !isAllowed(file, made)).filter(
      ({ file, made }) => !EXCEPTIONS.some((e) => e.file === file && e.may === made.to),
    );
    const lines = wrong.map(({ file, made }) => {
      const { may, packages } = ROOMS[roomOf(file) as string] as Row;
      return `${file}:${made.line} imports ${made.to}; its room ${roomOf(file)} may import ${[...may, ...packages].join(', ') || 'nothing'}`;
    });
    expect(lines, 'hand it in as an argument, or move what both need to simulator/domain').toEqual([]);
  });

  it('need each exception that is listed', () => {
    const unused = EXCEPTIONS.filter(
      (e) => !MADE.some(({ file, made }) => file === e.file && made.to === e.may && !isAllowed(file, made)),
    );
    expect(unused, 'this import is gone or allowed: take it off EXCEPTIONS').toEqual([]);
  });

  it('never go in a circle between rooms', () => {
    const between = MADE.filter(({ made }) => isFile(made)).map(({ file, made }) => [roomOf(file), roomOf(made.to)] as const);
    const arrows = between.filter((arrow): arrow is readonly [string, string] => Boolean(arrow[0] && arrow[1]));
    expect(circles(arrows.filter(([a, b]) => a !== b))).toEqual([]);
  });

  it('never go in a circle between files at run time', () => {
    const lasting = MADE.filter(({ made }) => isFile(made) && !made.isType);
    expect(
      circles(lasting.map(({ file, made }) => [file, made.to])),
      'types may refer to each other; code that runs may not',
    ).toEqual([]);
  });

  it('name files that exist', () => {
    const missing = MADE.filter(({ made }) => isFile(made) && !FILES.includes(made.to));
    expect(missing.map(({ file, made }) => `${file}:${made.line} ${made.name}`)).toEqual([]);
  });

  it('are computed only where that has a reason', () => {
    const computed = SOURCES.filter((file) => /\bimport\(\s*(?!['"\s])/.test(withoutComments(text(file))));
    expect(computed.sort()).toEqual(Object.keys(COMPUTED).sort());
  });

  it('reach every file from something that is started', () => {
    const reached = new Set<string>(ENTRIES);
    for (const file of reached) for (const made of importsOf(file)) if (FILES.includes(made.to)) reached.add(made.to);
    const dead = SOURCES.filter((file) => !file.startsWith('test/') && !reached.has(file));
    expect(dead, 'nothing but tests imports it: delete it, or add it to ENTRIES').toEqual([]);
  });
});

describe('the reader of imports', () => {
  it('sees every form, and neither comments nor texts', () => {
    const call = 'import';
    const source = [
      `import a from './a.ts';`,
      `import type { B } from "../b.ts";`,
      `import {\n  c,\n  type D,\n} from 'node:fs';`,
      `export * from '@scope/pack/deep';`,
      `export type { E } from './e.ts';`,
      `import './f.ts';`,
      `const g = () => ${call}('./g.ts');`,
      `// import h from './h.ts';`,
      `/* ${call}('./i.ts') */ const path = 'test/**/x'; // from './j.ts'`,
      `const text = "import k from './k.ts'";`,
      `export const from = 'l.ts';`,
    ].join('\n');
    const seen = importsIn(source, 'room/file.ts').map(({ line, to, isType }) => `${line} ${to}${isType ? ' type' : ''}`);
    expect(seen).toEqual([
      '1 room/a.ts',
      '2 b.ts type',
      '6 node:fs',
      '7 @scope/pack',
      '8 room/e.ts type',
      '9 room/f.ts',
      '10 room/g.ts',
    ]);
  });

  it('finds the circle in a ring and none in a tree', () => {
    expect(
      circles([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
        ['c', 'd'],
      ] as const),
    ).toEqual(['b -> c', 'c -> b']);
    expect(
      circles([
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'c'],
      ] as const),
    ).toEqual([]);
  });
});
