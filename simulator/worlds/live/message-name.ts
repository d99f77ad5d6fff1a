/** Which message it is: of which publication (`sender`), which event and consumer of the plan, and the how many-th of it. */
export interface MessagePlace {
  sender: string;
  event: number;
  consumer: number;
  number: number;
}

/** The name of a message, the same for every delivery; effects have it as their cause. */
export function messageName({ sender, event, consumer, number }: MessagePlace): string {
  return `${sender}-${event}-${consumer}-${number}`;
}

/** Event and consumer, as places in the plan, of a message of this name. */
export function placeOf(name: string): Pick<MessagePlace, 'event' | 'consumer'> {
  const [event, consumer] = name.split('-').slice(-3).map(Number) as [number, number, number];
  return { event, consumer };
}
