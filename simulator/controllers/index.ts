import type { ControllerDefinition } from '../domain/controller.ts';
import { ai } from './ai.ts';
import { awsPredictiveScaling } from './aws-predictive-scaling.ts';
import { awsStepScaling } from './aws-step-scaling.ts';
import { awsTargetTracking } from './aws-target-tracking.ts';
import { predictiveHpa } from './predictive-hpa.ts';
import { queueDepth } from './queue-depth.ts';
import { reactive } from './reactive.ts';
import { staticController } from './static.ts';
import { targetUtilization } from './target-utilization.ts';

/** Every controller by the name that scenarios use. */
export const CONTROLLERS: Readonly<Record<string, ControllerDefinition>> = {
  static: staticController,
  'target-utilization': targetUtilization,
  'queue-depth': queueDepth,
  'aws-target-tracking': awsTargetTracking,
  'aws-step-scaling': awsStepScaling,
  'aws-predictive-scaling': awsPredictiveScaling,
  'predictive-hpa': predictiveHpa,
  reactive,
  ai,
};
