// A program that does nothing but fetch one model into a data folder; a test kills it. Arguments: folder, hub address.
import { createJobs } from '../../src/jobs/create-jobs.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createLibrary } from '../../src/models/create-library.ts';
import { openStore } from '../../src/store/open-store.ts';

const [dataDir = '', hubEndpoint = ''] = process.argv.slice(2);
const store = await openStore({ dataDir, log: silentLog });
const jobs = createJobs({ store, log: silentLog });
const library = createLibrary({
  store,
  jobs,
  log: silentLog,
  dataDir,
  hubEndpoint,
  firstModel: null,
  env: {},
});
await jobs.start();
const task = await library.pull({ repo: 'owner/name', file: 'model.gguf' });
process.stdout.write(`${task.id}\n`);
