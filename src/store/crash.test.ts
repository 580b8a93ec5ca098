// What the store acknowledged survives kill -9, and no batch is there by half. ATELIER_LONG=1 kills 100 times,
// ATELIER_KILLS as often as it says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from '../../test/children/start-child.ts';
import { silentLog } from '../lib/log.ts';
import { openStore } from './open-store.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 100 : 3));

test(
  `${kills} times kill -9 in the middle of writing: every acknowledged batch is there, none by half`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atelier-crash-'));
    const acknowledged = new Set<string>();
    let first = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = startChild('write-batches', [dataDir, String(first)]);
      await child.nextLine();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      await child.kill();
      for (const line of child.lines) acknowledged.add(line);
      // Up to eight batches beyond the last that was told may have been stored.
      first += child.lines.length + 1_000;

      const store = await openStore({ dataDir, log: silentLog });
      const rows = await store.db.selectFrom('settings').select('key').execute();
      await store.close();
      const parts = new Map<string, number>();
      for (const { key } of rows) parts.set(key.slice(0, -1), (parts.get(key.slice(0, -1)) ?? 0) + 1);
      expect(
        [...acknowledged].filter((n) => !parts.has(n)),
        'acknowledged and lost',
      ).toEqual([]);
      expect(
        [...parts].filter(([, count]) => count !== 3),
        'there by half',
      ).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(kills);
    await rm(dataDir, { recursive: true });
  },
  kills * 10_000,
);
