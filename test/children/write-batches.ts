// Writes batches of three rows from eight loops at once and says which are stored, until it is killed:
// node write-batches.ts FOLDER FIRST
import { silentLog } from '../../src/lib/log.ts';
import { openStore } from '../../src/store/open-store.ts';

const store = await openStore({ dataDir: process.argv[2] ?? '', log: silentLog });
let next = Number(process.argv[3]);

async function loop(): Promise<never> {
  for (;;) {
    const n = next++;
    await store.write(
      ['a', 'b', 'c'].map((part) =>
        store.db.insertInto('settings').values({ key: `${n}${part}`, value: 'x'.repeat(200) }),
      ),
    );
    process.stdout.write(`${n}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, loop));
