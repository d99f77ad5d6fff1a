import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const FOLDER = new URL('./golden/', import.meta.url);

/**
 * Holds text against the file of that name; `UPDATE_GOLDEN=1` rewrites it.
 *
 * A missing file is written, except in CI: there a golden that nobody looked at must not pass.
 */
export function expectGolden(name: string, text: string): void {
  const file = new URL(name, FOLDER);
  const isWanted = process.env.UPDATE_GOLDEN === '1' || (!existsSync(file) && !process.env.CI);
  if (isWanted) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `golden ${name} is missing: UPDATE_GOLDEN=1 npx vitest run test/reports, and look at it`).toBe(true);
  expect(normalised(text)).toBe(normalised(readFileSync(file, 'utf8')));
}

function normalised(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[ \t]+$/gm, '');
}
