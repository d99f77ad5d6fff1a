/** A refusal as the Lambda API words it: SDK clients make an exception of that name out of it. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  /** Further fields of the body. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, type: string, o: { message: string; fields?: Record<string, string> }) {
    super(o.message);
    this.status = status;
    this.type = type;
    this.fields = o.fields ?? {};
  }
}

export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded';

/** 429, which callers that wait have to retry themselves. */
export function throttled(reason: ThrottleReason): ApiError {
  return new ApiError(429, 'TooManyRequestsException', { message: 'Rate Exceeded.', fields: { Reason: reason } });
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'ResourceNotFoundException', { message: `${what} was not found` });
}

export function invalid(message: string): ApiError {
  return new ApiError(400, 'InvalidParameterValueException', { message });
}

/** 413 by its documented name; the message is the service's. */
export function tooLarge(bytes: number, o: { limit: number; invocationType: string }): ApiError {
  const message = `${bytes} byte payload is too large for the ${o.invocationType} invocation type (limit ${o.limit} bytes)`;
  return new ApiError(413, 'RequestTooLargeException', { message });
}
