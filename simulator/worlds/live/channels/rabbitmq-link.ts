import { EventEmitter, once, setMaxListeners } from 'node:events';
import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import { UnavailableError } from '../../../domain/problem.ts';

/** Between two tries to connect again: long enough for a broker that starts, short enough that a fault's length is what it says. */
const RECONNECT = { initialDelay: 100, maxDelay: 500, initialMaxRetries: 0 };

/** What uses a link: it makes its channel anew whenever there is a connection. */
export interface LinkUser {
  attach(model: ChannelModel): Promise<void>;
}

interface LinkOptions {
  /** Nobody uses it any more: who comes next opens another. */
  closed(): void;
  /** Cuts the connection off. */
  socket: AbortController;
}

/**
 * One connection to a broker that everything of a kind in this process shares, and that comes back when the broker does.
 *
 * Publishers and consumers have one each: a broker short of memory stops reading from connections that publish, and acknowledgements
 * must still get through.
 */
export class Link {
  /** The broker reads no more from it, for want of memory or disk. */
  isBlocked = false;
  private readonly connection: RecoveringChannelModel;
  private readonly users = new Set<LinkUser>();
  private model: ChannelModel | undefined;
  private readonly o: LinkOptions;
  /** Tells of `blocked`, and of `lost` connections. */
  private readonly events = new EventEmitter();

  private constructor(connection: RecoveringChannelModel, o: LinkOptions) {
    this.connection = connection;
    this.o = o;
    connection.on('blocked', () => {
      this.isBlocked = true;
      this.events.emit('blocked');
    });
    connection.on('unblocked', () => {
      this.isBlocked = false;
    });
    connection.on('disconnect', () => {
      this.isBlocked = false;
      this.model = undefined;
      this.events.emit('lost');
    });
    connection.on('connect', (model) => void this.attachAll(model));
    // What breaks it is followed by `disconnect`, which is where it is dealt with.
    connection.on('error', () => undefined);
  }

  /**
   * Takes part in the process's link of this kind, and opens it if nobody has.
   *
   * Throws: UnavailableError when there is no broker at the address, or it does not let us in.
   */
  static async join(url: string, kind: 'publish' | 'consume', user: LinkUser): Promise<Link> {
    const key = `${kind} ${url}`;
    const known = LINKS.get(key) ?? Link.open(url, () => LINKS.delete(key));
    LINKS.set(key, known);
    const link = await known.catch((error: Error) => {
      LINKS.delete(key);
      throw error;
    });
    link.users.add(user);
    if (link.model) await user.attach(link.model);
    return link;
  }

  /** The last who leaves closes it. */
  async leave(user: LinkUser): Promise<void> {
    this.users.delete(user);
    if (this.users.size > 0) return;
    this.o.closed();
    await this.unlessBlocked(this.connection.close());
    // A broker that does not read does not say goodbye either.
    this.o.socket.abort();
  }

  /** Waits for something that the broker has to answer, unless it has stopped reading. */
  async unlessBlocked(answered: Promise<unknown>): Promise<void> {
    const given = this.whileUp(answered).catch(() => undefined);
    if (!this.isBlocked) await Promise.race([given, once(this.events, 'blocked')]);
  }

  /**
   * Waits for something that the broker has to answer, as long as it is there: what was asked while it went away is never answered.
   *
   * Throws: Error when the connection breaks meanwhile.
   */
  async whileUp<T>(asked: Promise<T>): Promise<T> {
    const over = new AbortController();
    const lost = once(this.events, 'lost', { signal: over.signal }).then(() => {
      throw new Error('the connection to RabbitMQ broke');
    });
    try {
      return await Promise.race([asked, lost]);
    } finally {
      over.abort();
    }
  }

  get isUp(): boolean {
    return this.model !== undefined;
  }

  private static async open(url: string, closed: () => void): Promise<Link> {
    const socket = new AbortController();
    // Every try to connect again listens to it.
    setMaxListeners(0, socket.signal);
    const first: { model?: ChannelModel } = {};
    try {
      const options = {
        signal: socket.signal,
        recovery: {
          ...RECONNECT,
          setup: async (model: ChannelModel) => {
            first.model ??= model;
          },
        },
      };
      const connection = await connect(url, options);
      const link = new Link(connection, { closed, socket });
      link.model = first.model;
      return link;
    } catch (error) {
      const { hostname, port } = new URL(url);
      const message = `RabbitMQ at ${hostname}:${port} cannot be used: ${(error as Error).message}. Please check that it runs there`;
      throw new UnavailableError(`${message} and that the user and the password in its address are right.`);
    }
  }

  private async attachAll(model: ChannelModel): Promise<void> {
    this.model = model;
    // A connection that breaks meanwhile is announced, and attached anew when it is back.
    await Promise.allSettled([...this.users].map((user) => user.attach(model)));
  }
}

/** By kind and address. */
const LINKS = new Map<string, Promise<Link>>();
