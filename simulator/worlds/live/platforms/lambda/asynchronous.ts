import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { Answer, Invocation } from './invocation.ts';
import type { FunctionPool } from './pool.ts';
import type { Runtime } from './runtime.ts';

const destination = z.object({ Destination: z.string().optional() });
export const InvokeConfigSchema = z.object({
  MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  MaximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
  DestinationConfig: z.object({ OnSuccess: destination.optional(), OnFailure: destination.optional() }).default({}),
});
export type InvokeConfig = z.infer<typeof InvokeConfigSchema>;

/** Throttled events are tried again after 1, 2, 4, ... times the shortest wait, up to this many. */
const WAIT_MAX = 300;

interface Event {
  pool: FunctionPool;
  invocation: Invocation;
  since: number;
  /** Runs that ended in an error, and refusals in a row. */
  failures: number;
  throttles: number;
}

/**
 * Calls that nobody waits for: accepted, tried up to three times, then sent to the dead-letter queue and the destination on failure.
 *
 * Simplified: events are in memory, so those that are waiting when the runtime ends are lost; they count in `pending`.
 */
export class AsynchronousCalls {
  readonly configs = new Map<string, InvokeConfig>();
  private readonly waiting = new Set<NodeJS.Timeout>();
  private running = 0;
  private isStopped = false;
  private readonly runtime: Runtime;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  get pending(): number {
    return this.waiting.size + this.running;
  }

  accept(pool: FunctionPool, invocation: Invocation): void {
    this.attempt({ pool, invocation, since: performance.now(), failures: 0, throttles: 0 });
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
  }

  private attempt(event: Event): void {
    this.running++;
    this.tryOnce(event)
      .catch((error: Error) => this.runtime.o.warn(`an event of ${event.pool.identity.name} is lost: ${error.message}`))
      .finally(() => this.running--);
  }

  private async tryOnce(event: Event): Promise<void> {
    const answer = await event.pool.invoke(event.invocation).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 429) return undefined;
      throw error;
    });
    const { throttled_retry_s, retry_s } = this.runtime.parameters;
    if (answer === undefined) return this.again(event, throttled_retry_s * Math.min(2 ** event.throttles++, WAIT_MAX));
    event.throttles = 0;
    if (answer.error === undefined) return this.tell(event, { answer, condition: 'Success' });
    event.failures++;
    if (event.failures > this.configOf(event).MaximumRetryAttempts) return this.giveUp(event, answer);
    return this.again(event, retry_s * event.failures);
  }

  private async again(event: Event, waitS: number): Promise<void> {
    if (this.isStopped) return;
    const ageS = (performance.now() - event.since) / 1000 + waitS;
    if (ageS > this.configOf(event).MaximumEventAgeInSeconds) return this.giveUp(event, undefined);
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.attempt(event);
    }, waitS * 1000);
    this.waiting.add(timer);
  }

  private configOf({ pool }: Event): InvokeConfig {
    return this.configs.get(pool.identity.name) ?? InvokeConfigSchema.parse({});
  }

  private async giveUp(event: Event, answer: Answer | undefined): Promise<void> {
    const { pool, invocation } = event;
    pool.metrics.deadLetters++;
    if (pool.settings.deadLetterArn !== undefined) {
      const errorMessage = (JSON.parse(answer?.payload.toString() ?? '{}') as { errorMessage?: string }).errorMessage;
      const attributes = {
        RequestID: invocation.requestId,
        ErrorCode: answer ? '200' : '429',
        ErrorMessage: errorMessage || 'throttled',
      };
      await this.runtime.queues.send(pool.settings.deadLetterArn, { body: invocation.payload.toString(), attributes });
    }
    await this.tell(event, { answer, condition: answer ? 'RetriesExhausted' : 'EventAgeExceeded' });
  }

  private async tell(event: Event, o: { answer: Answer | undefined; condition: string }): Promise<void> {
    const { OnSuccess, OnFailure } = this.configOf(event).DestinationConfig;
    const arn = (o.condition === 'Success' ? OnSuccess : OnFailure)?.Destination;
    if (arn !== undefined) await this.runtime.queues.send(arn, { body: recordOf(event, o) });
  }
}

/** The invocation record that destinations get. */
function recordOf({ pool, invocation, failures }: Event, o: { answer: Answer | undefined; condition: string }): string {
  const isSuccess = o.condition === 'Success';
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: invocation.requestId,
      functionArn: `${pool.identity.arn}:$LATEST`,
      condition: o.condition,
      approximateInvokeCount: failures + (isSuccess ? 1 : 0),
    },
    requestPayload: JSON.parse(invocation.payload.toString()),
    responseContext: o.answer && {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(o.answer.error && { functionError: o.answer.error }),
    },
    responsePayload: o.answer && JSON.parse(o.answer.payload.toString()),
  });
}
