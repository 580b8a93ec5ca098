// kill -9 in the middle of a batch: no row is lost, and none that was done is run again. ATELIER_LONG=1 kills 50 times.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from '../../../test/children/start-child.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open-store.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 50 : 3));
const count = 40 * kills;

test(
  `${kills} times kill -9 over ${count} rows`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atelier-batch-'));
    const begun: string[] = [];
    for (let kill = 0; kill <= kills; kill++) {
      const child = startChild('run-batch', [dataDir, String(count)]);
      await child.nextLine();
      if (kill < kills) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        await child.kill();
      } else while (child.process.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
      begun.push(...child.lines.filter((line) => line.startsWith('row ')));
      expect(child.lines).not.toContain('failed');
    }
    const again = begun.length - new Set(begun).size;
    expect(new Set(begun).size).toBe(count);
    // At most the row that was under way at each kill is begun a second time.
    expect(again).toBeLessThanOrEqual(kills);
    const store = await openStore({ dataDir, log: silentLog });
    const rows = await store.db
      .selectFrom('app_batch_rows')
      .select(['row', 'output'])
      .orderBy('row')
      .execute();
    await store.close();
    expect(rows.map(({ output }) => output)).toEqual(
      Array.from({ length: count }, (_, row) => JSON.stringify({ text: `row ${row}` })),
    );
    await rm(dataDir, { recursive: true });
  },
  20_000 + kills * 10_000,
);
