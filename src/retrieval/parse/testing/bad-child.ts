// A process that does to the pool what a bad parser may do; the file's name says what.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParseRequest } from '../pool/messages.ts';
import { startWatchdog } from '../pool/watchdog.ts';

startWatchdog();
const kept: unknown[] = [];

process.on('message', ({ file }: ParseRequest) => {
  if (file.name === 'loop') for (;;) Math.sqrt(2);
  if (file.name === 'exit') process.exit(3);
  if (file.name === 'throw')
    setImmediate(() => {
      throw new Error('thrown outside of any promise');
    });
  if (file.name === 'heap') for (;;) kept.push(new Array(1000).fill(kept.length));
  if (file.name === 'buffers') for (;;) kept.push(new Uint8Array(1024 * 1024).fill(1));
  if (file.name === 'write') {
    try {
      writeFileSync(join(tmpdir(), `atelier-must-not-exist-${process.pid}`), '');
    } catch {
      process.exit(13);
    }
    process.exit(0);
  }
  if (file.name === 'good') {
    const facts = { kind: 'text', title: 'good', language: null, pageCount: null };
    process.send?.({ document: { ...facts, pages: [], blocks: [], warnings: [] } });
  }
});
