import type { Message } from '@aws-sdk/client-sqs';

/** The event that a function gets for a batch, with the service's own names. */
export function payloadOf(batch: readonly Message[], o: { arn: string; region: string }): Buffer {
  const Records = batch.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue, BinaryValue, DataType }]) => [
        name,
        {
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: o.arn,
    awsRegion: o.region,
  }));
  return Buffer.from(JSON.stringify({ Records }));
}

/**
 * The messages of a batch that a function has worked off, by the failures that it reports.
 *
 * An answer that cannot be read, or that names a message which is not in the batch, means that all of it failed; none or null, that all is done.
 */
export function finished(batch: readonly Message[], payload: Buffer): readonly Message[] {
  const failures = failuresIn(payload);
  if (failures === undefined) return [];
  const known = new Set(batch.map(({ MessageId }) => MessageId));
  if (failures.some((id) => !known.has(id))) return [];
  return batch.filter(({ MessageId }) => !failures.includes(MessageId as string));
}

function failuresIn(payload: Buffer): string[] | undefined {
  const answer = JSON.parse(payload.toString()) as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((failure) => failure?.itemIdentifier);
  return ids.every((id) => typeof id === 'string' && id !== '') ? (ids as string[]) : undefined;
}
