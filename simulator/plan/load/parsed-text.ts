/** Line and column, both from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A parsed file: its value, and where a path of it stands. */
export interface Text {
  value: unknown;
  at(path: string): Position | undefined;
}
