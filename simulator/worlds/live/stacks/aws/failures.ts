/** What came back instead of an answer, in the form that SDK clients give it. */
interface Failure {
  name: string;
  message: string;
  code?: string;
  status: number;
}

const THROTTLES = new Set([
  'LimitExceededException',
  'OverLimit',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const NETWORK = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)|TimeoutError|AbortError/;

/** An error of an SDK client, taken apart. */
export function failureOf(error: unknown): Failure {
  const e = error as { name?: string; message?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  return {
    name: e.name ?? 'Error',
    message: e.message ?? String(error),
    ...(typeof e.code === 'string' ? { code: e.code } : {}),
    status: e.$metadata?.httpStatusCode ?? 0,
  };
}

/** Whether a name of an error, or of a failed entry of a batch, asks to come back later. */
export function isThrottle(name: string): boolean {
  return THROTTLES.has(name.replace(/^.*[#.]/, ''));
}

/** Whether nobody answered a call, or not in time: the part is away or has too much to do. */
export function isUnanswered(error: unknown): boolean {
  const { code, name } = failureOf(error);
  return NETWORK.test(code ?? name);
}

/** Whether a condition of the call was false. */
export function isUnmet(error: unknown): boolean {
  const { name, status } = failureOf(error);
  return name === 'ConditionalCheckFailedException' || name === 'PreconditionFailed' || status === 412;
}

/**
 * What a caller is told when a call failed: `throttled` is worth another try, `refused` is a service that is away or broken.
 *
 * Throws: the error itself when it is neither, since then the call was wrong, which no run should go on with.
 */
export function outcomeOf(error: unknown): 'throttled' | 'refused' {
  const { name, status } = failureOf(error);
  if (isThrottle(name) || status === 429) return 'throttled';
  if (status >= 500 || isUnanswered(error)) return 'refused';
  throw error;
}
