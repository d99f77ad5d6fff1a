import type { PartKind } from '../../domain/plan.ts';
import type { Parameter } from '../../domain/sourced.ts';
import { ACCOUNT } from './account.ts';
import { BROKER } from './broker.ts';
import { DYNAMODB_TABLE } from './dynamodb.ts';
import { EDGE } from './edge.ts';
import { FUNCTION } from './function.ts';
import { GATEWAY } from './gateway.ts';
import { GPU } from './gpu.ts';
import { HOST } from './host.ts';
import { POSTGRES } from './postgres.ts';
import { RABBITMQ_QUEUE } from './rabbitmq.ts';
import { S3_BUCKET } from './s3.ts';
import { SERVER } from './server.ts';
import { SQS_QUEUE } from './sqs.ts';
import { SQS_FIFO_QUEUE } from './sqs-fifo.ts';

/** Every number that a part's model reads, by kind of part and by the name it has in `part.values`. */
export const PARAMETERS: Record<PartKind, Record<string, Parameter>> = {
  gateway: GATEWAY,
  account: ACCOUNT,
  host: HOST,
  edge: EDGE,
  function: FUNCTION,
  server: SERVER,
  gpu: GPU,
  sqs: SQS_QUEUE,
  'sqs-fifo': SQS_FIFO_QUEUE,
  rabbitmq: RABBITMQ_QUEUE,
  broker: BROKER,
  postgres: POSTGRES,
  dynamodb: DYNAMODB_TABLE,
  s3: S3_BUCKET,
};
