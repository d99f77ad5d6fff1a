import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { findProgram } from '../../simulator/worlds/live/stacks/find-program.ts';
import { noRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq-program.ts';
import { runCli } from '../cli/run-cli.ts';

it('a machine without RabbitMQ is told how to get it and which strategies do without', () => {
  expect(noRabbitmq(['all-functions', 'hybrid'])).toMatch(
    /^RabbitMQ is not installed.*Strategies that need no broker: all-functions, hybrid \(--strategy all-functions\)\.$/s,
  );
  expect(noRabbitmq([])).not.toContain('Strategies');
});

it('a program is found on PATH and in further folders, and is missing where nobody has it', () => {
  expect(findProgram('sh')).toMatch(/\/sh$/);
  expect(findProgram('no-such-program-anywhere', ['/bin'])).toBeUndefined();
});

it('who wants images moderated without the model is told how to get it, before anything is started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'placement-lab-no-model-'));
  const file = join(folder, 'pictures.json');
  const components = { ...hello.application.components, page: { description: 'a page', work: 'image-moderation' } };
  writeFileSync(file, JSON.stringify({ ...hello, application: { ...hello.application, components } }));
  // The bundle lies where no models are beside it.
  const { code, stdout, stderr } = await runCli(['live', file, '--strategy', 'all-functions', '--quiet']);
  rmSync(folder, { recursive: true });
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^.*page moderates images with a model that is not installed: npm run setup\n$/);
});
