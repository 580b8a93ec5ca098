// A second thread of a parser's process: it sees what a busy parser cannot. It ends the process when its memory goes over
// the limit (the engine's own limit covers its heap and not its buffers), or when the program that started it is gone.
import { Worker } from 'node:worker_threads';

/** Read from the environment, because it must hold before the first request. */
export const MEMORY_VARIABLE = 'ATELIER_PARSER_MEMORY';

const program = `
const parent = process.ppid;
setInterval(() => {
  const over = process.memoryUsage.rss() > Number(process.env.${MEMORY_VARIABLE});
  if (over || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 100);
`;

export function startWatchdog(): void {
  const worker = new Worker(program, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
  worker.unref();
}
