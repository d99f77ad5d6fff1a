import { z } from 'zod';
import { NameSchema } from './application.ts';

/** What the controllers of one run had learnt, by the path of each pool: what a later run can start from. */
export const ProfileSchema = z.strictObject({
  schema: z.literal('profile@1'),
  scenario: z.string().max(200),
  pools: z.record(
    z.string().max(200),
    z.strictObject({
      controller: NameSchema,
      start_s: z.number().positive().max(3600),
      patience: z.strictObject({ wait: z.number().min(0).max(1_000_000), late: z.number().min(0.0001).max(0.5) }).optional(),
      service_cv2: z.number().min(0).max(100).optional(),
      /** As the controller's `learn` gave it. */
      learnt: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Profile = z.infer<typeof ProfileSchema>;
