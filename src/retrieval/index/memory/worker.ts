// The thread in which the index of the embedded store lives, so that no search holds up the server.
import { parentPort } from 'node:worker_threads';
import { MemoryIndex } from './memory-index.ts';
import type { FromWorker, Replies, Request, ToWorker } from './messages.ts';

const port = parentPort;
if (!port) throw new Error('This file is a worker; start it through worker-client.');

const index = new MemoryIndex();

function answer(request: Request): Replies[keyof Replies] {
  switch (request.type) {
    case 'add':
      index.add(request.rows);
      return null;
    case 'replace':
      index.removeDocument(request.documentId, request.collectionId);
      index.add(request.rows);
      return null;
    case 'forget':
      index.forget(request.numbers);
      return null;
    case 'rank':
      return index.rank(request.query);
    case 'contents':
      return index.contents();
  }
}

port.on('message', (request: ToWorker) => {
  let reply: FromWorker;
  try {
    reply = { id: request.id, value: answer(request) };
  } catch (error) {
    reply = {
      id: request.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  port.postMessage(reply);
});
