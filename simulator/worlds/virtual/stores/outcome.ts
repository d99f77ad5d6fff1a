/** What a store answers: done, try again after a back-off, or not at all. */
export const ANSWER = { ok: 0, throttled: 1, refused: 2 } as const;

/** Hours of a month, for storage. */
export const MONTH_MS = 730 * 3_600_000;
