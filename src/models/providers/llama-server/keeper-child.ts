// Stands between the server and a llama-server, and ends it when the server goes, however that goes: a process that is
// killed takes no child along, and this one would hold the card's memory for ever.
import { spawn } from 'node:child_process';
import type { KeeperMessage } from './keeper.ts';

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  shell: false,
  windowsHide: true,
  stdio: ['ignore', 'inherit', 'inherit'],
});

function leave(message: KeeperMessage): void {
  if (process.connected) process.send?.(message, () => process.exit());
  else process.exit();
}
child.once('error', (error: NodeJS.ErrnoException) =>
  leave({ type: 'failed', reason: error.code ?? error.message }),
);
child.once('exit', (code, signal) => leave({ type: 'ended', code, signal }));

/** The one word that is said to it. */
process.on('message', () => child.kill('SIGTERM'));
process.on('disconnect', () => child.kill('SIGKILL'));
// A Ctrl+C in the terminal reaches the whole group; the server says when it is time.
process.on('SIGINT', () => undefined);
