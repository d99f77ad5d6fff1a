import type { IncomingMessage } from 'node:http';

/** Reads a body to its end and keeps it up to `limit` bytes: a larger one costs no memory, and its sender hears why it is refused. */
export async function bodyOf(request: IncomingMessage, limit: number): Promise<{ body: Buffer; bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  return { body: bytes <= limit ? Buffer.concat(chunks) : Buffer.alloc(0), bytes };
}
