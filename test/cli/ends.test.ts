import { existsSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-ends-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a process that is ended', () => {
  it('a full disk behind standard output ends with 3, not with the 1 of a failed objective', async () => {
    const { code, stderr } = await runCli(['list'], { stdout: openSync('/dev/full', 'w') });
    expect(code).toBe(3);
    expect(stderr).toBe('cannot write to standard output: the disk is full\n');
  });

  it('a reader that went away changes neither the files nor the exit code', async () => {
    const out = join(folder, 'unread');
    const words = ['scenario', 'canary', '--seeds', '1', '--out', out, '--format', 'terminal,markdown'];
    const { code } = await runCli(words, { after: (child) => child.stderr?.destroy(), isDeaf: true });
    expect(code).toBe(1);
    expect(readdirSync(out)).toEqual(['report.md']);
  });

  it('Ctrl-C ends at once, says so, and leaves nothing half-written', async () => {
    const out = join(folder, 'interrupted');
    let killed = 0;
    const { code, stderr } = await runCli(['scenario', 'social-peak', '--out', out], {
      after: (child) => {
        if (killed > 0) return;
        killed = performance.now() + 700;
        setTimeout(() => child.kill('SIGINT'), 700);
      },
    });
    expect(performance.now() - killed).toBeLessThan(3000);
    expect(code).toBe(130);
    expect(stderr).toMatch(/Ended by Ctrl-C/);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });
});
