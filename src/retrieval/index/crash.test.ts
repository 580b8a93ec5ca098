// After kill -9 while documents are added and replaced, what was acknowledged is found, once, and index and rows agree.
// ATELIER_LONG=1 kills 10 times, ATELIER_KILLS as often as it says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from '../../../test/children/start-child.ts';
import { leaning } from '../../../test/suites/passage-rows.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open-store.ts';
import { createPassageIndex } from './create-passage-index.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 10 : 3));

test(
  `${kills} times kill -9 while documents are added: index and store agree`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atelier-index-'));
    /** The last version that was told of each document. */
    const told = new Map<string, number>();
    for (let kill = 0; kill < kills; kill++) {
      const child = startChild('add-passages', [dataDir, String(kill * 10_000)]);
      await child.nextLine();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      await child.kill();
      for (const line of child.lines) {
        const [id = '', version] = line.split(' ');
        told.set(id, Number(version));
      }
      const store = await openStore({ dataDir, log: silentLog });
      const index = createPassageIndex({ store, log: silentLog });
      expect((await index.check({ repair: false })).faults).toEqual([]);
      for (const [id, version] of [...told].slice(-20)) {
        const hits = await index.search({
          text: `passages ${id}`,
          vector: leaning(0),
          collectionIds: ['col_killed'],
          documentIds: [id],
          limit: 10,
          mode: 'hybrid',
        });
        expect(hits.map(({ text }) => text.split(' ')[0]).sort()).toEqual(['first', 'second', 'third']);
        const versions = new Set(hits.map(({ text }) => Number(/version(\d)/.exec(text)?.[1])));
        expect(versions.size).toBe(1);
        // A version beyond the last that was told may have been stored.
        expect([version, version + 1]).toContain([...versions][0]);
      }
      await index.close();
      await store.close();
    }
    expect(told.size).toBeGreaterThanOrEqual(kills);
    await rm(dataDir, { recursive: true });
  },
  kills * 10_000,
);
