/** Something that a machine has or lacks, and what the live world makes of it. */
export interface MachinePart {
  name: string;
  isHere: boolean;
  /** Its version, size or place. */
  found: string;
  /** What it is needed for. */
  enables: string;
  /** How to get it; only where it is not here. */
  get?: string;
}
