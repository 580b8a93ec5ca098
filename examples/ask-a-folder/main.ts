// A folder of documents, asked from the command line in French and in English.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const command = join(import.meta.dirname, '../../bin/atelier.mjs');
const model = process.env.ATELIER_MODEL ?? 'default';
const collection = `acme-${process.pid}`;

function atelier<T>(...args: string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args, '--json'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `atelier ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}

interface Added {
  collection: { documents: { ready: number }; passages: number };
  failed: unknown[];
}
interface Asked {
  text: string;
  sources: { path: string; text: string }[];
}

const folder = join(import.meta.dirname, 'documents');
try {
  const first = atelier<Added>('knowledge', 'add', folder, '-c', collection);
  console.log(`${first.collection.documents.ready} documents, ${first.collection.passages} passages`);
  assert.equal(first.collection.documents.ready, 3);
  assert.deepEqual(first.failed, []);
  const again = atelier<Added>('knowledge', 'add', folder, '-c', collection);
  assert.deepEqual(again.collection.documents, first.collection.documents);

  for (const [question, path, fact] of [
    ['Combien de jours de congés payés par an ?', 'conges.md', '27 jours'],
    ['What does Acme pay for a hotel night?', 'travel.md', '110 euros'],
  ] as const) {
    const { text, sources } = atelier<Asked>('ask', '-c', collection, '-m', model, question);
    console.log(`${question}\n  ${text.trim().replaceAll('\n', ' ')}  [${sources[0]?.path}]`);
    assert.ok(sources[0]?.path.endsWith(path), `${question}: found ${sources[0]?.path}, not ${path}`);
    assert.ok(sources[0]?.text.includes(fact));
    assert.ok(text.trim().length > 0);
  }
} finally {
  atelier('knowledge', 'remove', collection);
}
