// Adds documents to a collection, round after round, and says which are acknowledged, until it is killed:
// node ingest-documents.ts FOLDER COLLECTION ROUND
import { localIdentity } from '../../src/contracts/identity.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createWordEmbedder } from '../../src/retrieval/testing/word-embedder.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openKnowledge } from '../open-knowledge.ts';

const [dataDir = '', collectionId = '', first = '0'] = process.argv.slice(2);
const store = await openStore({ dataDir, log: silentLog });
const { knowledge } = await openKnowledge(store, { embedder: createWordEmbedder({ delayMs: 2 }) });

/** Some are new, some replace what an earlier round has written, some are the same again, some cannot be read. */
for (let round = Number(first); ; round++) {
  const texts = {
    [`new-${round}.md`]: `# Round ${round}\n\n${`A sentence of round ${round} that is new. `.repeat(40)}`,
    [`again-${round % 3}.md`]: `# Again\n\n${`The version of round ${round} is here. `.repeat(60)}`,
    'same.txt': 'Always the same.',
    [`broken-${round % 5}.pdf`]: `%PDF-1.4 broken in round ${round}`,
  };
  for (const [path, text] of Object.entries(texts)) {
    const { documents, unchanged } = await knowledge.add(localIdentity, collectionId, [
      { path, bytes: Buffer.from(text) },
    ]);
    const [document] = documents;
    process.stdout.write(`${JSON.stringify({ path, sha256: document?.sha256 ?? null, unchanged })}\n`);
  }
}
