import type { FitJob } from '../../../models/forecast/orders/fit.ts';
import { adopted, ordersOf } from '../../../models/forecast/orders/orders.ts';
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
      let state = orders.initial();
      const demandOf = (load: number) => load / (USED * capacity);
      orders.teach(state, history.map(demandOf));
      let due: FitJob | undefined;
      return {
        order(_, load) {
          const { wanted, job } = orders.order(state, demandOf(load));
          due = job;
          return wanted;
        },
        refit() {
          if (due === undefined) return false;
          state = adopted(state, orders.fit(due));
          return true;
        },
      };
    },
  };
}
