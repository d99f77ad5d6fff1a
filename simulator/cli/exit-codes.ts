/**
 * What the process ends with.
 *
 * 0 met, 1 an objective or check failed, 2 the input is wrong, 3 a needed part is missing, 4 too few samples to tell; 70 a fault of this
 * program (EX_SOFTWARE of sysexits.h); 130 and 143 ended by Ctrl-C and by SIGTERM.
 */
export const EXIT = {
  met: 0,
  failed: 1,
  input: 2,
  unavailable: 3,
  unclear: 4,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;
