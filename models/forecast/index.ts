import type { ForecasterDefinition } from '../../simulator/domain/forecaster.ts';
import { lastValue } from './last-value.ts';

/** Every forecaster by its name. */
export const FORECASTERS: Readonly<Record<string, ForecasterDefinition>> = {
  'last-value': lastValue,
};
