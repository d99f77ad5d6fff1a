import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runCli } from '../cli/run-cli.ts';
import { CONTAINER_ENV, HAS_CONTAINERS } from '../compose/containers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const GATE = readFileSync(join(ROOT, '.ci/run'), 'utf8');

/** Where the reader stands: the scenario that the README tells them to save lies here, and reports go here. */
const folder = mkdtempSync(join(tmpdir(), 'placement-lab-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COMMANDS = blocks('sh').flatMap((block) => block.split('\n').flatMap((line) => line.split(' && ')));

/** Commands that change the installation or contain this test: the gate runs them in a clean clone. */
const OF_THE_GATE = ['npm ci', 'npm run scenario social-peak', 'npm test'];

/** How commands end that are meant to show something going wrong. */
const FAILS: Readonly<Record<string, number>> = {
  'npm run scenario parcels.yaml -- --set sqs.label.visibility_timeout_s=1': 1,
  'npm run gate parcels.yaml -- --set application.components.tracking.cpu_ms=30': 1,
};

/** Commands that need Docker, and the images: the gate asks for them where an engine runs. */
const CONTAINERS = 'npm run stack';
if (!HAS_CONTAINERS) writeSync(2, `skipped: ${CONTAINERS} of the README, which is run with PLACEMENT_STACK=compose\n`);

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'gm'))].map((match) => match[1] as string);
}

/** Runs an npm script of the README as npm would, but in the reader's folder. */
function run(command: string): Promise<Ended> {
  const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
  const own = words.slice(words.includes('--silent') ? 3 : 2).filter((word) => word !== '--');
  const isFromSource = command.startsWith(CONTAINERS);
  return runCli(own, { cwd: folder, env: { NO_COLOR: '1', ...CONTAINER_ENV }, isFromSource });
}

describe('the README', () => {
  beforeAll(() => {
    const [scenario] = blocks('yaml');
    writeFileSync(join(folder, 'parcels.yaml'), scenario as string);
  });

  it('begins with the two commands that the gate runs in a clean clone', () => {
    expect(COMMANDS.slice(0, 4)).toEqual(['npm ci', 'npm run scenario social-peak', 'npm ci', 'npm test']);
    for (const command of ['npm ci', 'npm run --silent scenario social-peak', 'npm test']) expect(GATE).toContain(command);
  });

  const mine = COMMANDS.filter((command) => !OF_THE_GATE.includes(command));
  it.each(mine.filter((command) => HAS_CONTAINERS || !command.startsWith(CONTAINERS)))('%s', async (command) => {
    const { code, stdout, stderr } = await run(command);
    expect(code, stderr).toBe(FAILS[command] ?? 0);
    expect(stdout).not.toBe('');
  });

  it('gets a report from the scenario that it tells to save', () => {
    expect(existsSync(join(folder, 'reports/runs/parcels/report.html'))).toBe(true);
  });
});
