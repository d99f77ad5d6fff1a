import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import type { Profile } from '../../simulator/domain/profile.ts';
import { explainLines } from '../../simulator/plan/explain-lines.ts';
import { loadNamed } from '../../simulator/run/load.ts';
import { profileOf, readProfile } from '../../simulator/run/profile.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { runCell } from '../../simulator/worlds/virtual/world.ts';

/** What `ai` learnt, without what it is about. */
const EMPTY = {
  ...(CONTROLLERS.ai?.learn?.({}, { start_s: 75, history: { step_s: 60, arrivals: [1] } }, { slots: 1, holding_s: 1 }) as object),
  orders: {},
};
const HPA = 'hybrid + target-utilization';
const AI = 'hybrid + ai';
const axes = (strategies: string[], more = {}) => ({
  strategies,
  controllers: [],
  rates: [1],
  seeds: [1, 2],
  length_s: 300,
  wantsLedger: false,
  ...more,
});
const social = () => loadNamed('social-peak', []);
const assetsIn = (plan: Plan, path: string) => plan.parts.find((part) => part.path === path)?.sizing?.assets;

describe('a scenario with a history', () => {
  it('tells every controller alike, in rows with names of their own', async () => {
    const { rows } = rowsOf(await social(), axes(['hybrid', HPA, AI, 'all-servers']));
    expect(rows.map(({ plan }) => plan.strategy)).toEqual(['hybrid', HPA, AI, 'all-servers']);
    const [plain, hpa, ai] = rows.map(({ plan }) => plan) as [Plan, Plan, Plan];
    expect(assetsIn(plain, 'server/feed')?.history?.arrivals).toHaveLength(5 * 20);
    for (const plan of [hpa, ai]) expect(assetsIn(plan, 'server/feed')).toEqual(assetsIn(plain, 'server/feed'));
    expect(ai.parts.flatMap((part) => part.sizing?.controller.name ?? [])).not.toContain('target-utilization');
  });

  it('says what objectives leave: little to a feed, minutes to what nobody waits for', async () => {
    const { rows } = rowsOf(await social(), axes([AI]));
    const plan = rows[0]?.plan as Plan;
    const waited = (path: string) => {
      const sizing = plan.parts.find((part) => part.path === path)?.sizing;
      return ((sizing?.assets?.patience?.wait as number) * (sizing?.holding_ms as number)) / 1000;
    };
    expect(waited('server/feed')).toBeLessThan(0.2);
    expect(waited('server/transcode')).toBeCloseTo(assetsIn(plan, 'server/transcode')?.start_s as number, 0);
  });

  it('tunes on the history alone, keeps given options, and says what it chose', async () => {
    const { rows } = rowsOf(await social(), axes([HPA]));
    const plan = rows[0]?.plan as Plan;
    const targets = plan.parts.flatMap((part) => part.sizing?.controller.options.target ?? []);
    expect(new Set(targets).size).toBeGreaterThan(1);
    const text = explainLines(plan).join('\n');
    expect(text).toMatch(/by target-utilization \(target 0\.\d+, tuned on the history\)/);
    expect(text).toMatch(/server\/feed +100 steps of 15 s: \d[\d.]* calls\/s in the mean, \d[\d.]* at most/);
    expect(text).toContain('history.level_spread = 0.2 share (assumed, 0 to 0.9)');
  });

  it('teaches once for all seeds, and gives the same cell twice', async () => {
    const scenario = await social();
    const made = () => cellsOf(scenario, rowsOf(scenario, axes([AI])), axes([AI]));
    const [first, second] = made();
    expect(second?.plan).toBe(first?.plan);
    expect(assetsIn(first?.plan as Plan, 'server/feed')).toHaveProperty('learnt');
    const bytes = (cell: typeof first) => {
      const { counters: _, ...result } = runCell(JSON.parse(JSON.stringify(cell)));
      return JSON.stringify(result);
    };
    const [again] = made();
    expect(bytes(again)).toBe(bytes(first));
    expect(bytes(first)).toMatch(/forecast \d+\/s at \d+:\d\d, upper \d+ instances: \d+ -> \d+ because/);
  });

  it('leaves rows with a controller of their own out where controllers are an axis', async () => {
    const scenario = await social();
    const { rows } = rowsOf(scenario, axes(['hybrid', AI], { controllers: ['static'] }));
    expect(rows.map(({ plan }) => plan.strategy)).toEqual(['hybrid']);
    expect(() => rowsOf(scenario, axes([AI], { controllers: ['static'] }))).toThrow(/has a controller of its own/);
  });

  it('is no part of a scenario that has none', async () => {
    const { rows } = rowsOf(await loadNamed('hello', []), axes(['hybrid']));
    expect(JSON.stringify(rows)).not.toContain('assets');
  });
});

describe('a profile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const file = join(folder, 'profile.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is what a run had learnt: a later one starts from it, without any history', async () => {
    const scenario = await social();
    const plans = cellsOf(scenario, rowsOf(scenario, axes([AI])), axes([AI])).map(({ plan }) => plan);
    writeFileSync(file, JSON.stringify(profileOf(plans)));
    const profile = readProfile(file) as Profile;
    const { history: _, ...without } = scenario;
    const warm = axes(['hybrid'], { controllers: ['ai'], profile });
    const [cell] = cellsOf(without, rowsOf(without, warm), warm);
    expect(assetsIn(cell?.plan as Plan, 'server/feed')).toEqual(assetsIn(plans[0] as Plan, 'server/feed'));
    const cold = axes(['hybrid'], { controllers: ['static'], profile });
    expect(rowsOf(without, cold).rows.some(({ plan }) => JSON.stringify(plan).includes('learnt'))).toBe(false);
  });

  it.each([
    ['{', /is no JSON/],
    ['{"schema":"profile@2","scenario":"x","pools":{}}', /schema/],
    [
      '{"schema":"profile@1","scenario":"x","pools":{"server/a":{"controller":"ai","start_s":75,"learnt":{"step_s":60,"lag":2,"isNeural":false,"orders":{}}}}}',
      /no controller can start from: server\/a/,
    ],
    [
      JSON.stringify({
        schema: 'profile@1',
        scenario: 'x',
        pools: { 'server/a': { controller: 'ai', start_s: 75, learnt: EMPTY } },
      }),
      /no controller can start from: server\/a/,
    ],
    ['{"schema":"profile@1","scenario":"x","pools":{"server/a":{"controller":"nobody","start_s":75,"learnt":{}}}}', /server\/a/],
  ])('that reads %s is refused', (text, message) => {
    writeFileSync(file, text);
    expect(() => readProfile(file)).toThrow(message);
  });

  it('need not be there yet', () => {
    expect(readProfile(join(folder, 'none.json'))).toBeUndefined();
  });
});

describe('bad history', () => {
  it.each([
    [['history.days=0'], /history\.days/],
    [['history.crowd_share=2'], /history\.crowd_share/],
    [['history={"days":3,"nights":2}'], /nights/],
    [['controller={"name":"static","tuned":true}'], /static has nothing that is tuned/],
    [['strategies=[{"strategy":"hybird","controller":{"name":"ai"}}]'], /hybird/],
    [['strategies=[{"strategy":"hybrid","controller":{"name":"aai"}}]'], /aai/],
    [
      ['strategies=["hybrid",{"strategy":"hybrid","controller":{"name":"ai"}},{"strategy":"hybrid","controller":{"name":"ai"}}]'],
      /hybrid \+ ai is there twice/,
    ],
  ])('%j is told', async (assignments, message) => {
    await expect(loadNamed('social-peak', assignments)).rejects.toThrow(message);
  });

  it('cannot tune without one', async () => {
    await expect(loadNamed('hello', ['controller={"name":"target-utilization","tuned":true}'])).rejects.toThrow(
      /has no history to be tuned on/,
    );
  });
});
