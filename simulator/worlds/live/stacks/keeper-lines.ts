/** What the parent and the keeper say to each other: one JSON value a line, requests on the keeper's input, answers on its output. */

/** When a part counts as started: its first line of JSON, a line that holds these words (a pattern), a port of loopback that takes connections, or its end with success. */
export type Ready = { on: 'json-line' } | { on: 'words'; words: string } | { on: 'port'; port: number } | { on: 'end' };

/** One program to keep. `args` are handed over as they are, no shell reads them. */
export interface PartOrder {
  name: string;
  command: string;
  args: string[];
  /** The whole environment: nothing is inherited but what stands here. */
  env: Record<string, string>;
  cwd: string;
  /** Whom it runs as, where the keeper may choose. */
  user?: { uid: number; gid: number };
  ready: Ready;
  ready_ms: number;
  /** What asks it to end; after `grace_ms` it is killed, and whatever is left of its process group with it. */
  stop: NodeJS.Signals;
  grace_ms: number;
  /** It gets the CPU before all others: the load driver. */
  isFirst?: boolean;
  /** What the kernel sends it when the keeper is gone, where `setpriv` is there to ask for that. */
  orphaned: 'KILL' | 'QUIT';
}

export type KeeperRequest =
  | { id: number; do: 'start'; order: PartOrder }
  | { id: number; do: 'stop'; name: string; signal?: NodeJS.Signals }
  | { id: number; do: 'end' };

export type KeeperAnswer =
  /** The first line: the keeper is there, and so is the run's folder. */
  | { do: 'open'; folder: string }
  | { do: 'done'; id: number; pid?: number; line?: string }
  | { do: 'failed'; id: number; message: string }
  /** A part ended that nobody had told to; `words` say how. */
  | { do: 'died'; name: string; words: string; log: string };

/** The values on a stream of JSON lines, whatever the pieces in which it comes. */
export function linesOf(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  const rest = { text: '' };
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    const lines = (rest.text + piece).split('\n');
    rest.text = lines.pop() as string;
    for (const line of lines) take(line);
  });
  stream.on('end', () => {
    if (rest.text !== '') take(rest.text);
  });
}
