import hello from '../../scenarios/hello.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { rowsOf } from '../../simulator/run/rows.ts';

/** `hello` under a strategy. */
export const planOf = (strategy: string): Plan => {
  const axes = { strategies: [strategy], controllers: [], rates: [1], seeds: [1], wantsLedger: false };
  return rowsOf(ScenarioSchema.parse(hello), axes).rows[0]?.plan as Plan;
};

/** Place of what has this name. */
export const at = <T extends { name: string }>(list: readonly T[], name: string) => list.findIndex((one) => one.name === name);
