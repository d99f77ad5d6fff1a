import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, isIgnored, lineAt, ROOT, SOURCES, text } from './tree.ts';

const READMES = FILES.filter((path) => path.endsWith('.md'));
const SCRIPTS = Object.keys((JSON.parse(text('package.json')) as { scripts: object }).scripts);

/** Names that a reader gives to files of their own. */
const READERS_OWN = /^(?:my|mine|own|your)\b/;

interface Mention {
  readonly line: number;
  readonly path: string;
}

/** Links to somewhere in the tree. */
function linksIn(page: string): Mention[] {
  return [...page.matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
    .map((match) => ({ line: lineAt(page, match.index), path: (match[1] as string).replace(/#.*$/, '') }))
    .filter(({ path }) => path !== '' && !/^[a-z]+:/.test(path));
}

/** File names in the text: source files wherever they stand, and in backticks whatever has a folder before it. */
function filesIn(page: string): Mention[] {
  const patterns = [/(?<![\w/.<>*-])((?:[\w.<>*-]+\/)*[\w.<>*-]+\.(?:ts|mjs))\b/g, /`((?:[\w.<>*-]+\/)+(?:[\w.<>*-]+\.\w+)?)`/g];
  return patterns
    .flatMap((pattern) => [...page.matchAll(pattern)])
    .map((match) => ({ line: lineAt(page, match.index), path: match[1] as string }));
}

/** Whether a path that a page names exists beside the page or in a folder above it; a placeholder stands for any name. */
function exists(path: string, page: string): boolean {
  const wanted = path.includes('<') || path.includes('*') ? `${posix.dirname(path)}/` : path;
  for (let folder = posix.dirname(page); ; folder = posix.dirname(folder)) {
    const place = posix.join(folder, wanted);
    if (place === './' || isIgnored(place.replace(/\/$/, '')) || existsSync(`${ROOT}${place}`)) return true;
    if (folder === '.') return false;
  }
}

function tell(page: string, mentions: readonly Mention[]): string[] {
  return mentions.map(({ line, path }) => `${page}:${line} ${path}`);
}

describe.each(READMES)('%s', (page) => {
  const content = text(page);

  it('links to what exists', () => {
    const missing = linksIn(content).filter(({ path }) => !existsSync(`${ROOT}${posix.join(posix.dirname(page), path)}`));
    expect(tell(page, missing)).toEqual([]);
  });

  it('names files that exist', () => {
    const missing = filesIn(content).filter(({ path }) => !exists(path, page) && !READERS_OWN.test(posix.basename(path)));
    expect(tell(page, missing)).toEqual([]);
  });
});

describe('npm scripts', () => {
  it('exist wherever a page, a program or the gate tells of one', () => {
    const pages = [...READMES, ...SOURCES, ...FILES.filter((path) => path.startsWith('.ci/')), 'package.json'];
    const told = pages.flatMap((page) =>
      [...text(page).matchAll(/\bnpm run (?:--?[\w-]+ )*([a-z][\w:-]*)/g)].map((match) => ({
        where: `${page}:${lineAt(text(page), match.index)}`,
        script: match[1] as string,
      })),
    );
    expect(told.length).toBeGreaterThan(8);
    expect(told.filter(({ script }) => !SCRIPTS.includes(script))).toEqual([]);
  });
});

describe('the reader of pages', () => {
  const page =
    'See [the plan](../plan/README.md#x), [site](https://example.org).\n`a/b.ts`, `c/`, d.mjs, `html/<name>.ts`, `x`, v1.2';

  it('sees links and files', () => {
    expect(linksIn(page)).toEqual([{ line: 1, path: '../plan/README.md' }]);
    expect(filesIn(page).map(({ path }) => path)).toEqual([
      'a/b.ts',
      'd.mjs',
      'html/<name>.ts',
      'a/b.ts',
      'c/',
      'html/<name>.ts',
    ]);
  });

  it('looks beside the page and above it, and takes a placeholder for any name', () => {
    expect(exists('cell.ts', 'simulator/domain/README.md')).toBe(true);
    expect(exists('domain/cell.ts', 'simulator/measure/README.md')).toBe(true);
    expect(exists('checks/<name>.ts', 'simulator/measure/README.md')).toBe(true);
    expect(exists('nowhere/<name>.ts', 'simulator/measure/README.md')).toBe(false);
    expect(exists('cells.ts', 'simulator/domain/README.md')).toBe(false);
    expect(exists('reports/runs/', 'reports/README.md')).toBe(true);
  });
});
