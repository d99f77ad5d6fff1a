/**
 * What can happen, as integer codes. `target` is a frame, a part or a pool; `arg` a generation or a detail.
 *
 * Codes order events of one part, request and attempt at the same instant.
 */
export const EVENT = {
  /** A frame goes on with its program: target frame, arg generation. */
  go: 0,
  /** A call reaches its pool: target frame, arg generation. */
  arrive: 1,
  /** A call is done with its instance: target frame, arg generation. */
  release: 2,
  /** A client tries again: target frame, arg generation. */
  retry: 3,
  /** A frame begins or goes on to compute on a shared host: target frame, arg generation. */
  compute: 4,
  /** The oldest deadline of a ring falls due: target ring. */
  deadline: 5,
  /** A started server or GPU worker is ready: target pool, arg instance. */
  booted: 6,
  /** A draining instance is at the end of its patience: target pool, arg instance. */
  drained: 7,
  /** A GPU batch has waited long enough: target pool, arg batch number. */
  batchDue: 8,
  /** A GPU batch is computed: target pool, arg batch slot. */
  batchDone: 9,
  /** A queue looks for work to hand out: target queue part. */
  dispatch: 10,
  /** A controller decides: target pool. */
  control: 11,
  /** Everything is sampled for the charts. */
  sample: 12,
  /** A fault begins (arg 2 x its place) or ends (one more); target -1, so that it comes before all that happens at that time. */
  fault: 13,
  /** A spot machine gets its notice: target pool, arg instance. */
  interrupted: 14,
  /** A machine that was told to go is taken away: target pool, arg instance. */
  reclaimed: 15,
  /** Something is done, or begins, on a shared host: target part, arg turn. */
  host: 16,
} as const;
