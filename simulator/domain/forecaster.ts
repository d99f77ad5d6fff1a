/** What is expected `h` steps ahead: the middle, and the value that 95 of 100 stay below. */
export interface Forecast {
  mean: number;
  upper95: number;
}

/**
 * Forecasts one load series online: it is told one value after the other and never sees a later one.
 *
 * `forecast(h)` is of the value `h` steps after the last observed one (h >= 1), and changes nothing.
 */
export interface Forecaster {
  observe(y: number): void;
  forecast(h: number): Forecast;
}

/** What a forecaster may know before the first value: the length of a step, and earlier values of the same series, oldest first. */
export interface ForecasterSetting {
  step_s: number;
  history: Float64Array;
}

/** One entry of the registry of forecasters. */
export interface ForecasterDefinition {
  readonly description: string;
  create(setting: ForecasterSetting): Forecaster;
}
