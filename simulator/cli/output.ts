/** What may be written to a stream: colour only where somebody watches and does not mind, and how wide a line may be. */
export function outputOf(stream: NodeJS.WriteStream): { colour: boolean; width: number } {
  const colour = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return { colour, width: stream.columns || 120 };
}
