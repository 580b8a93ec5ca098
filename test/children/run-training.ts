// A program that trains until its one run is done, as often as it is started, and tells every step; a test kills it.
// Arguments: folder.
import { localIdentity } from '../../src/contracts/identity.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { blueCats, longOrder, openTrainings } from '../open-trainings.ts';

const [dataDir = ''] = process.argv.slice(2);
const tell = (line: string) => process.stdout.write(`${line}\n`);
const store = await openStore({ dataDir, log: silentLog });
const on = openTrainings({ store, dataDir }, blueCats);
await on.jobs.start();
const [known] = (await on.trainings.list(localIdentity)).runs;
const { id } = known ?? (await on.trainings.start(localIdentity, longOrder));
for await (const { event } of on.trainings.watch(localIdentity, id, 0, new AbortController().signal))
  if (event.type === 'point') tell(`step ${event.step}`);
const { status } = await on.ended(id);
await on.jobs.stop();
await store.close();
tell(status);
