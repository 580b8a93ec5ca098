// A program for the tests: loads the model that it is given and waits; prints the pid of the model's process.
import { startEngine } from '../engine-process.ts';

const engine = await startEngine({
  spec: {
    path: process.argv[2] ?? '',
    adapter: null,
    kind: 'chat',
    gpu: 'cpu',
    contextLength: 512,
    sequences: 1,
    threads: 1,
    maxThreads: 1,
    busy: false,
    chatTemplate: null,
    toolTemplate: null,
  },
});
process.stdout.write(`${engine.pid}\n`);
setInterval(() => {}, 1000);
