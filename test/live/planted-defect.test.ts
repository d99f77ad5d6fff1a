import { afterAll, describe, expect, it } from 'vitest';
import { PLANTED_SMALL, type PlantedSmall } from '../planted/planted.ts';
import { cellOf, count } from '../virtual/small.ts';
import { openLiveWorld } from './live-world.ts';

/** The one that needs PostgreSQL and a queue only; `npm run prove` plays all of them. */
const { name, fault, caught, correct, defect } = PLANTED_SMALL[0] as PlantedSmall;
const cells = [correct, defect].map(cellOf) as [ReturnType<typeof cellOf>, ReturnType<typeof cellOf>];
const live = await openLiveWorld(cells);
afterAll(() => live?.end());

describe.skipIf(live === undefined)('a planted defect over real parts', () => {
  it(`${name} is caught by ${caught} under ${fault}, and its correct variant passes there`, { timeout: 120_000 }, async () => {
    expect(count(await live!.play(cells[0]), caught)).toBe(0);
    expect(count(await live!.play(cells[1]), caught)).toBeGreaterThan(0);
  });
});
