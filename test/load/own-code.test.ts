import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { runHere } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-code-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const play = (component: object) => {
  const components = { ...hello.application.components, page: { description: 'a page', cpu_ms: 8, ...component } };
  const file = join(folder, 'mine.json');
  writeFileSync(file, JSON.stringify({ ...hello, application: { ...hello.application, components } }));
  return runHere([
    'scenario',
    file,
    '--strategy',
    'all-servers',
    '--seeds',
    '1',
    '--minutes',
    '1',
    '--json',
    '--stable',
    '--quiet',
  ]);
};

describe("a component's own code", () => {
  it('is found beside the scenario, and changes nothing in the virtual world, where its demand stands for it', async () => {
    writeFileSync(join(folder, 'page.ts'), 'export default async (event: { user: number }) => void event.user;\n');
    const [without, own] = [await play({}), await play({ code: './page.ts' })];
    expect(own.code, own.stderr).toBe(0);
    expect(JSON.parse(own.stdout).strategies).toEqual(JSON.parse(without.stdout).strategies);
  });

  it.each([
    ['nothing.ts', undefined, /code: nothing.ts does not exist/],
    [
      'plain.ts',
      'export const handler = async () => 1;\n',
      /code: plain.ts has no default export .expected a file whose default export/,
    ],
    ['broken.ts', 'export default async (event => 1;\n', /code: broken.ts cannot be bundled: .*line 1/],
    ['page.py', undefined, /page.code/],
  ])('is refused where %s is none', async (code, text, message) => {
    if (text !== undefined) writeFileSync(join(folder, code), text);
    const { code: ended, stderr } = await play({ code });
    expect(ended).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('does not stand beside work of ours', async () => {
    const { code, stderr } = await play({ code: './page.ts', work: 'image-moderation' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/stands beside work: image-moderation/);
  });
});
