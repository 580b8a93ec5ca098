// A program's sign of life to the others on the same PostgreSQL: an advisory lock on a connection that stays open. The
// server gives it back when the connection ends, whatever the program died of.
import { randomInt } from 'node:crypto';
import type { ClientConfig, Client as PgClient } from 'pg';
import type { Log } from '../../lib/log.ts';

/** Its types leave out that it can be told not to keep the process alive. */
type Client = PgClient & { unref(): void };

export interface Presence {
  /** Under which the lock is held; another at each start. */
  readonly id: number;
  release(): Promise<void>;
}

export interface PresenceOptions {
  newClient(config: ClientConfig): PgClient;
  log: Log;
  where: string;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 2_000;

/** A machine that lost its power says nothing: the server must ask. And nobody may close the connection for its silence. */
const stayOpen = `select set_config(name, case name when 'idle_session_timeout' then '0'
    when 'tcp_keepalives_count' then '3' else '10' end, false)
  from pg_settings
  where name in ('idle_session_timeout', 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count')`;

/** @throws the error of the server where it refuses the first time; later the lock is taken again by itself */
export async function holdPresence({ newClient, log, where }: PresenceOptions): Promise<Presence> {
  const id = randomInt(1, 2 ** 48 - 1);
  let held: Client | null = null;
  let released = false;
  let retry: NodeJS.Timeout | undefined;

  async function take(): Promise<void> {
    const client = newClient({ keepAlive: true, keepAliveInitialDelayMillis: 10_000 }) as Client;
    // A connection that breaks tells it as an error, as an end or as both.
    client.on('error', () => lost(client));
    client.on('end', () => lost(client));
    try {
      await client.connect();
      await client.query(stayOpen);
      // Shared: a connection that the server still takes for open does not keep the next one from it.
      await client.query('select pg_advisory_lock_shared($1)', [id]);
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
    if (released) return void (await client.end());
    client.unref();
    held = client;
  }

  function lost(client: Client): void {
    if (held !== client) return;
    held = null;
    if (released) return;
    log.warn('the connection by which other programs see this one was lost; it is opened again', { where });
    again(FIRST_RETRY_MS);
  }

  function again(delay: number): void {
    retry = setTimeout(() => {
      take().catch(() => {
        if (!released) again(Math.min(2 * delay, LONGEST_RETRY_MS));
      });
    }, delay);
    retry.unref();
  }

  await take();
  return {
    id,
    async release() {
      released = true;
      clearTimeout(retry);
      const client = held;
      held = null;
      await client?.end();
    },
  };
}
