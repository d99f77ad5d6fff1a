import socialPeak from '../scenarios/social-peak.ts';
import type { Cell } from '../simulator/domain/cell.ts';
import { ScenarioSchema } from '../simulator/domain/scenario.ts';
import { cellsOf, rowsOf } from '../simulator/run/rows.ts';

/** One cell of the main job: `hybrid` with this seed. */
export function socialPeakCell(seed: number): Cell {
  const scenario = ScenarioSchema.parse(socialPeak);
  const axes = { strategies: ['hybrid'], controllers: [], rates: [1], seeds: [seed], wantsLedger: false };
  const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
  if (cell === undefined) throw new Error('social-peak has no cell');
  return cell;
}
