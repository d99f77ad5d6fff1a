import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ComponentContext, ComponentEvent } from '../../simulator/domain/component-handler.ts';
import { installed } from '../models/installed.ts';
import { cellOf, type Small } from '../virtual/small.ts';
import { openLiveWorld } from './live-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-own-'));
const heard = join(folder, 'heard.ndjson');
const code = join(folder, 'checkout.ts');
writeFileSync(
  code,
  `import { appendFileSync } from 'node:fs';
   interface Asked { component: string; action: number }
   export default async (event: Asked, context: object) => {
     appendFileSync(${JSON.stringify(heard)}, JSON.stringify({ event, context }) + '\\n');
     if (event.action % 2 === 1) throw new Error('every other user has no credit');
   };`,
);

const server = { platform: 'server' as const, slots: 4, minimum: 1, maximum: 1, controller: { name: 'static' } };
const SHOP: Small = {
  components: {
    checkout: { description: 'sells', code },
    receipt: { description: 'the same code as a function', code },
    ...((await installed())
      ? { look: { description: 'looks at a picture', gpu_ms: 20, work: 'image-moderation' as const } }
      : {}),
  },
  operations: {
    work: {
      description: 'buys',
      attempts: 1,
      timeout_ms: 20_000,
      steps: [{ call: 'checkout', optional: true }, { call: 'receipt' }],
    },
  },
  overrides: { components: { checkout: server, receipt: { platform: 'function', memory_mb: 1769 } } },
  rate: 3,
  duration_s: 4,
};
if ('look' in (SHOP.components ?? {})) {
  SHOP.operations!.work!.steps!.unshift({ call: 'look', optional: true });
  SHOP.overrides!.components!.look = { platform: 'gpu', minimum: 1, maximum: 1, controller: { name: 'static' } };
}

const cell = cellOf(SHOP);
const world = await openLiveWorld([cell]);
afterAll(async () => {
  await world?.end();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(world === undefined)("a component's own work", () => {
  it('runs on servers, functions and GPU workers, knows who asks and where it is, and fails with its own words', async () => {
    const { result, failures, told } = await world!.run(cell);
    const lines = readFileSync(heard, 'utf8').trim().split('\n');
    const calls = lines.map((line) => JSON.parse(line) as { event: ComponentEvent; context: ComponentContext });
    const [work] = result.operations;
    expect(work!.sent).toBeGreaterThan(5);
    for (const [component, platform] of [
      ['checkout', 'server'],
      ['receipt', 'function'],
    ] as const) {
      const own = calls.filter(({ event }) => event.component === component);
      expect(own).toHaveLength(work!.sent);
      for (const { event, context } of own) {
        expect(event).toMatchObject({ operation: 'work', message: null, attempt: 1 });
        expect(context).toMatchObject({ platform, part: `${platform}/${component}` });
      }
      const odd = own.filter(({ event }) => event.action % 2 === 1).length;
      expect(odd).toBeGreaterThan(0);
      expect(failures).toContainEqual({ component, message: 'every other user has no credit', count: odd });
      if (component === 'receipt') expect(work).toMatchObject({ failed: odd, served: work!.sent - odd });
    }
    if ('look' in SHOP.components!)
      expect(told).toEqual([expect.stringMatching(/^look moderates images on (?:tfjs-node|wasm|cpu)/)]);
    expect(failures.filter(({ component }) => component === 'look')).toEqual([]);
    expect(result.broken).toEqual([]);
  }, 180_000);
});
