import type { ControllerDefinition } from '../domain/controller.ts';
import { awsTargetTracking } from './aws-target-tracking.ts';
import { queueDepth } from './queue-depth.ts';
import { staticController } from './static.ts';
import { targetUtilization } from './target-utilization.ts';

/** Every controller by the name that scenarios use. */
export const CONTROLLERS: Readonly<Record<string, ControllerDefinition>> = {
  static: staticController,
  'target-utilization': targetUtilization,
  'queue-depth': queueDepth,
  'aws-target-tracking': awsTargetTracking,
};
