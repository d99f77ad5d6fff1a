import { readdirSync, readFileSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const IGNORED = readFileSync(`${ROOT}.gitignore`, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** Whether the root's .gitignore leaves this path out: names, folders, `*.ending`. */
export function isIgnored(path: string): boolean {
  return IGNORED.some((line) => {
    const name = line.replace(/^\/|\/$/g, '');
    if (name.startsWith('*')) return path.endsWith(name.slice(1));
    return name.includes('/') ? `${path}/`.startsWith(`${name}/`) : path.split('/').includes(name);
  });
}

/** Every file that git would keep, as paths from the root with forward slashes. It needs no git, so that a copy can be tested. */
export const FILES: readonly string[] = walk('').sort();
export const SOURCES = FILES.filter((path) => /\.(ts|mjs|js|cjs)$/.test(path));

function walk(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.name === '.git' || isIgnored(path)) return [];
    return entry.isDirectory() ? walk(`${path}/`) : [path];
  });
}

const texts = new Map<string, string>();

/** A file's text; empty where it is not text. */
export function text(path: string): string {
  let found = texts.get(path);
  if (found === undefined) {
    found = readFileSync(`${ROOT}${path}`, 'utf8');
    if (found.includes('\0')) found = '';
    texts.set(path, found);
  }
  return found;
}

/** A file that a `.ts` of the tree exports, by its path from the root. */
export function load(path: string): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ `${ROOT}${path}`) as Promise<Record<string, unknown>>;
}

const STRING_OR_COMMENT = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The same text with comments blanked out, line for line. Strings stay: an import's name is one, and templates hold code. */
export function withoutComments(source: string): string {
  return source.replace(STRING_OR_COMMENT, (whole, quoted?: string) => quoted ?? whole.replace(/[^\n]/g, ' '));
}

/** `12` for the offset of something on the twelfth line. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

export interface Import {
  readonly line: number;
  /** As written. */
  readonly name: string;
  /** A file of the tree by its path from the root, else the package's or the node module's name. */
  readonly to: string;
  /** Gone at run time. */
  readonly isType: boolean;
}

const STATIC = /^[ \t]*(?:import|export)\b(\s+type\b)?[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^[ \t]*import()\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport()\(\s*['"]([^'"]+)['"]/g;

/** What a source file imports, in any of the ways there are, re-exports included. */
export function importsIn(source: string, path: string): Import[] {
  const code = withoutComments(source);
  return [STATIC, BARE, DYNAMIC].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => {
      const name = match[2] as string;
      const line = lineAt(code, match.index + match[0].length);
      return { line, name, to: target(name, path), isType: match[1] !== undefined && match[1] !== '' };
    }),
  );
}

function target(name: string, from: string): string {
  if (name.startsWith('.')) return posix.join(posix.dirname(from), name);
  if (name.startsWith('node:')) return name;
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

const imports = new Map<string, Import[]>();

export function importsOf(path: string): readonly Import[] {
  let found = imports.get(path);
  if (found === undefined) {
    found = importsIn(text(path), path);
    imports.set(path, found);
  }
  return found;
}

/** Files right inside a folder (which ends in a slash), without its index. */
export function members(folder: string): string[] {
  return FILES.filter((path) => path === `${folder}${basename(path)}` && path.endsWith('.ts') && basename(path) !== 'index.ts');
}
