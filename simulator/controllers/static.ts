import type { Controller, ControllerDefinition } from '../domain/controller.ts';
import { numbersOf } from './options.ts';

/** Keeps the pool at the size that it was given. */
export const staticController: ControllerDefinition = {
  description: 'keeps the size it was given: the fair sizing for the peak before any flash crowd',
  defaults: {},
  create(options): Controller<null> {
    numbersOf('static', options, {});
    return {
      interval_s: 3600,
      lag_s: 0,
      initial: null,
      decide: (state, o) => ({ state, wanted: o.ready + o.starting, because: 'static' }),
    };
  },
};
