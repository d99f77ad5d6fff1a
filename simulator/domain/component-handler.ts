/** What a component of the user's own code is asked to do: one call, or one delivery of a message. */
export interface ComponentEvent {
  component: string;
  /** Of the operation that calls; null for a message. */
  operation: string | null;
  /** Identifies the message, the same however often it is delivered; null for a call. */
  message: string | null;
  /** Numbers of the action in the schedule, of its session, of the user who acts, and of the object that it is about. */
  action: number;
  session: number;
  user: number;
  object: number;
  /** From 1: how often the user has tried, or how often the message has been delivered. */
  attempt: number;
}

/** Where it runs. */
export interface ComponentContext {
  scenario: string;
  strategy: string;
  /** Path of the part in the plan: `function/checkout`, `server/checkout`. */
  part: string;
  platform: 'function' | 'server' | 'gpu' | 'edge';
  /** The same in every run with the same seed, and for the same request under every strategy: for random numbers that can be repeated. */
  seed: number;
}

/** Default export of the file that a component's `code` names. What it throws is a failure of the component; what it returns is not looked at. */
export type ComponentHandler = (event: ComponentEvent, context: ComponentContext) => Promise<unknown>;
