import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORECASTERS } from '../../models/forecast/index.ts';
import { SECTIONS } from '../../reports/html/sections/index.ts';
import { FORMATS } from '../../reports/index.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { listText } from '../../simulator/cli/list.ts';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import { ChannelPlacementSchema, ComponentPlacementSchema } from '../../simulator/domain/placement.ts';
import { CHECKS } from '../../simulator/measure/checks/index.ts';
import { PARAMETERS } from '../../simulator/plan/parameters/index.ts';
import { FREE_TIER, PRICES } from '../../simulator/prices/index.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { ARRIVALS } from '../../workloads/arrivals/index.ts';
import { FILES, load, members, text } from './tree.ts';

interface Registry {
  readonly folder: string;
  readonly entries: Readonly<Record<string, unknown>>;
  /** Files of the folder that members share and that are none themselves. */
  readonly shared: readonly string[];
}

/** Entries whose file has a shorter name: the entry is a measure, which says what it is held against. */
const SHORTER: Readonly<Record<string, string>> = { shown_before_moderated: 'shown-before' };

/** Measures are snake_case, as columns are; files are kebab-case. */
function fileOf(entry: string): string {
  return SHORTER[entry] ?? entry.replaceAll('_', '-');
}

/** Folders where adding one is a file and a line in `index.ts`. The entry's name is the file's. */
const REGISTRIES: Readonly<Record<string, Registry>> = {
  strategies: { folder: 'simulator/strategies/', entries: STRATEGIES, shared: [] },
  controllers: {
    folder: 'simulator/controllers/',
    entries: CONTROLLERS,
    shared: ['hourly-load', 'lead', 'options', 'replica-forecast', 'scaling-behaviour', 'staffing'],
  },
  checks: {
    folder: 'simulator/measure/checks/',
    entries: Object.fromEntries(CHECKS.map((check) => [check.name, check])),
    shared: ['check', 'chronicle', 'counted', 'dense', 'related', 'sparse'],
  },
  arrivals: { folder: 'workloads/arrivals/', entries: ARRIVALS, shared: ['shape'] },
  parameters: { folder: 'simulator/plan/parameters/', entries: PARAMETERS, shared: ['cite', 'cold-start', 'limits', 'spot'] },
  scenarios: {
    folder: 'scenarios/',
    entries: Object.fromEntries(
      await Promise.all(Object.entries(SCENARIOS).map(async ([name, { load: read }]) => [name, (await read()).default] as const)),
    ),
    shared: [],
  },
};

const DESCRIBED = {
  strategies: STRATEGIES,
  controllers: CONTROLLERS,
  checks: CHECKS,
  arrivals: ARRIVALS,
  scenarios: SCENARIOS,
  formats: FORMATS,
  forecasters: FORECASTERS,
};

/** The doc comment of an export, as its text without stars. */
function docOf(path: string, name: string): string {
  const doc = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\nexport const ${name}\\b`).exec(text(path))?.[1];
  return (doc ?? '').replace(/^\s*\*/gm, '').trim();
}

describe.each(Object.entries(REGISTRIES))('the registry of %s', (_, { folder, entries, shared }) => {
  const files = members(folder).filter((path) => !shared.includes(basename(path, '.ts')));

  it('has one entry a file and one file an entry, of the same name', () => {
    const names = files.map((path) => basename(path, '.ts'));
    expect(
      Object.keys(entries).map(fileOf).sort(),
      `a line in ${folder}index.ts for each file, or the file among what they share`,
    ).toEqual(names.sort());
  });

  it('holds what the file exports', async () => {
    for (const [name, entry] of Object.entries(entries)) {
      const path = `${folder}${fileOf(name)}.ts`;
      expect(Object.values(await load(path)).includes(entry), `${path} does not export the entry ${name}`).toBe(true);
    }
  });

  it('calls each entry what the entry calls itself', () => {
    for (const [name, entry] of Object.entries(entries)) {
      const own = (entry as { name?: unknown }).name;
      if (typeof own === 'string') expect(own).toBe(name);
    }
  });

  it('has no file among the shared ones that is gone', () => {
    expect(shared.filter((name) => !FILES.includes(`${folder}${name}.ts`))).toEqual([]);
  });

  it('is told whole in the README of its folder, where there is one', () => {
    if (folder.endsWith('parameters/') || !FILES.includes(`${folder}README.md`)) return;
    for (const name of Object.keys(entries)) expect(text(`${folder}README.md`)).toContain(`\`${name}\``);
  });
});

describe.each(Object.entries(DESCRIBED))('each of the %s', (_, entries) => {
  it.each(Object.entries(entries))('says in one line what it is: %s', (_name, { description }) => {
    expect(description).toMatch(/^[^\n]{10,100}$/);
  });
});

describe('tables', () => {
  it.each(Object.entries(PARAMETERS))('of parameters say in one line what they are of: %s', async (kind, table) => {
    const path = `simulator/plan/parameters/${kind}.ts`;
    const name = Object.entries(await load(path)).find(([, value]) => value === table)?.[0] as string;
    expect(docOf(path, name)).toMatch(/^[^\n]{10,130}$/);
  });

  it('of prices are all in the book, each row and no row twice', async () => {
    const rows: string[] = [];
    for (const path of members('simulator/prices/')) {
      for (const [name, table] of Object.entries(await load(path))) {
        expect(docOf(path, name), `${path} ${name}`).toMatch(/^[^\n]{10,130}$/);
        if (table === FREE_TIER) continue;
        for (const [item, price] of Object.entries(table as object)) {
          expect(PRICES[item], `${item} of ${path} is not in simulator/prices/index.ts`).toBe(price);
          rows.push(item);
        }
      }
    }
    expect(rows.sort()).toEqual(Object.keys(PRICES).sort());
  });

  it('of sections have every section of the page', async () => {
    const files = await Promise.all(members('reports/html/sections/').map(load));
    const missing = files.filter((file) => !Object.values(file).some((section) => SECTIONS.includes(section as never)));
    expect(missing, 'a line in reports/html/sections/index.ts').toEqual([]);
    expect(SECTIONS).toHaveLength(files.length);
  });
});

describe('list', () => {
  const named = [
    ...Object.values(REGISTRIES).flatMap(({ folder, entries }) => (folder.endsWith('parameters/') ? [] : Object.keys(entries))),
  ];
  const platforms = ComponentPlacementSchema.options.map((option) => option.shape.platform.value);

  const channels = ChannelPlacementSchema.options.map((option) => option.shape.channel.value);

  it.each([...new Set([...named, ...platforms, ...channels])])('tells of %s', (name) => {
    expect(listText()).toMatch(new RegExp(`^ {2}${name} {2,}\\S`, 'm'));
  });
});
