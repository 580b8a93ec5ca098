// Opens the data folder for this process, or says who holds it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import type { Config } from '../../config.ts';
import { type AtelierError, isAtelierError } from '../../contracts/errors.ts';
import { version } from './version.ts';

/** A server that starts has no address for a moment, and another command holds the folder for as long as it runs. */
const PATIENCE_MS = 2000;

/**
 * @returns the app, or the address of the server that has the folder
 * @throws AtelierError store_locked when another process holds the folder and serves no address
 */
export async function openApp(config: Config): Promise<{ app: App } | { running: string; localUrl: string }> {
  const { createApp } = await import('../../app.ts');
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return { app: await createApp(config, { version }) };
    } catch (error) {
      if (!isAtelierError(error) || error.code !== 'store_locked') throw error;
      const running = addressIn(error);
      if (running !== null) return running;
      if (performance.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

function addressIn(error: AtelierError): { running: string; localUrl: string } | null {
  const { address } = error.data;
  return typeof address === 'object' && address !== null && 'url' in address && 'localUrl' in address
    ? { running: String(address.url), localUrl: String(address.localUrl) }
    : null;
}
