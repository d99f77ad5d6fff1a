import { ordersOf, refitsOf } from '../../../models/forecast/orders/orders.ts';
import type { FluidDefinition } from '../../domain/fluid.ts';
import type { NeuralModel } from '../../domain/neural-model.ts';

/** Share of an instance that may be used: the demand that the judge counts. */
const USED = 0.8;

/** Experts mixed on the cost itself, told of the history first. Nothing of it is tuned: it has no grid. */
export const ai: FluidDefinition = aiWith();

/** The same with a trained network among the experts. */
export function aiWith(model?: NeuralModel): FluidDefinition {
  return {
    description: 'experts, forecasts and quantile trees mixed on the cost itself, over the start lag',
    create({ capacity, lag, kappa, history }) {
      const orders = ordersOf({ lag, kappa, model });
      const state = orders.initial();
      const order = (load: number) => orders.order(state, load / (USED * capacity)).wanted;
      history.forEach(order);
      return { order: (_, load) => order(load), refits: () => refitsOf(state) };
    },
  };
}
