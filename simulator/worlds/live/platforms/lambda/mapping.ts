import { z } from 'zod';

const changeable = {
  BatchSize: z.number().int().min(1).max(10_000),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().int().min(2).max(1_000).optional() }).optional(),
  Enabled: z.boolean(),
};

export const MappingSchema = z
  .object({
    ...changeable,
    EventSourceArn: z.string().regex(/^arn:aws:sqs:/, 'only SQS queues are known here'),
    FunctionName: z.string(),
    BatchSize: changeable.BatchSize.default(10),
    MaximumBatchingWindowInSeconds: changeable.MaximumBatchingWindowInSeconds.default(0),
    FunctionResponseTypes: changeable.FunctionResponseTypes.default([]),
    Enabled: changeable.Enabled.default(true),
  })
  .refine(
    (mapping) => mapping.BatchSize <= 10 || !mapping.EventSourceArn.endsWith('.fifo'),
    'BatchSize of a FIFO queue: at most 10',
  )
  .refine(
    (mapping) => mapping.BatchSize <= 10 || mapping.MaximumBatchingWindowInSeconds >= 1,
    'BatchSize above 10 wants a MaximumBatchingWindowInSeconds of 1 or more',
  );

/** An event source mapping as it was asked for: a queue, a function, and how batches are made. */
export type Mapping = z.infer<typeof MappingSchema>;

/** As the API renders it. */
export function mappingOf(uuid: string, o: { mapping: Mapping; functionArn: string; state?: string }): object {
  const { Enabled, FunctionName: _, ...rest } = o.mapping;
  return { UUID: uuid, ...rest, FunctionArn: o.functionArn, State: o.state ?? (Enabled ? 'Enabled' : 'Disabled') };
}
