// Adds documents of three passages to one collection and says which are stored, replacing every third one, until it is
// killed: node add-passages.ts FOLDER FIRST
import { silentLog } from '../../src/lib/log.ts';
import { createPassageIndex } from '../../src/retrieval/index/create-passage-index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { addCollection, addDocument, chunkOf, leaning } from '../suites/passage-rows.ts';

const store = await openStore({ dataDir: process.argv[2] ?? '', log: silentLog });
const index = createPassageIndex({ store, log: silentLog });
const collectionId = 'col_killed';
const known = await store.db.selectFrom('collections').select('id').execute();
if (known.length === 0) await addCollection(store, collectionId);

const passagesOf = (id: string, version: number) =>
  ['first', 'second', 'third'].map((part, at) => ({
    chunk: chunkOf(`${part} passage of ${id} version${version}`),
    vector: leaning(at),
  }));

for (let n = Number(process.argv[3]); ; n++) {
  const id = `doc${n}`;
  await addDocument({ store, index }, { id, collectionId }, passagesOf(id, 1));
  process.stdout.write(`${id} 1\n`);
  if (n % 3 !== 0) continue;
  await addDocument({ store, index }, { id, collectionId }, passagesOf(id, 2));
  process.stdout.write(`${id} 2\n`);
}
