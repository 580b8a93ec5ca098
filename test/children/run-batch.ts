// A program that does nothing but run an app over a file, as often as it is started, until the batch is done; a test kills
// it. It tells each row as it is begun. Arguments: folder, number of rows.
import { z } from 'zod';
import { defineApp } from '../../src/apps/define-app.ts';
import { localIdentity } from '../../src/contracts/identity.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openApps } from '../open-apps.ts';

const [dataDir = '', count = '0'] = process.argv.slice(2);
const tell = (line: string) => process.stdout.write(`${line}\n`);
const app = {
  ...defineApp({
    name: 'count',
    title: { en: 'Count', fr: 'Compte' },
    description: { en: 'A test', fr: 'Un essai' },
    icon: 'hash',
    input: z.object({ text: z.string() }),
    output: z.object({ text: z.string() }),
    streams: false,
    batch: true,
    example: { en: { text: 'a' }, fr: { text: 'a' } },
    async work({ text }) {
      tell(text);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { text };
    },
  }),
  origin: 'count.ts',
};
const store = await openStore({ dataDir, log: silentLog });
const on = openApps(store, {
  sources: [{ definitions: () => [app], faults: () => [], onChange: () => () => {} }],
});
await on.jobs.start();
const [known] = await on.apps.batches(localIdentity, 'count');
const rows = Array.from({ length: Number(count) }, (_, index) => `row ${index}`);
const taskId =
  known?.taskId ??
  (
    await on.apps.startBatch(localIdentity, 'count', {
      fileName: 'rows.csv',
      bytes: new TextEncoder().encode(`body\n${rows.join('\n')}\n`),
      columns: { text: 'body' },
      fixed: {},
      model: 'default',
    })
  ).task.id;
const { status } = await on.jobs.wait(taskId);
await on.close();
await store.close();
tell(status);
