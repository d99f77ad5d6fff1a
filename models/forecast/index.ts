import type { ForecasterDefinition } from '../../simulator/domain/forecaster.ts';
import { combined } from './combined.ts';
import { ewma } from './ewma.ts';
import { holtWinters } from './holt-winters.ts';
import { lastValue } from './last-value.ts';
import { median } from './median.ts';
import { periodShape } from './period-shape.ts';
import { ridgeAr } from './ridge-ar.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { theta } from './theta.ts';

/** Every forecaster by its name. */
export const FORECASTERS: Readonly<Record<string, ForecasterDefinition>> = {
  'last-value': lastValue,
  ewma,
  median,
  'holt-winters': holtWinters,
  'seasonal-naive': seasonalNaive,
  theta,
  'ridge-ar': ridgeAr,
  'period-shape': periodShape,
  combined,
};
