// `npm start`: install, build and serve. Runs on any Node from 18 and goes on under the one that it installed.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { dist, node24, root } from './paths.mjs';
import { fail, run } from './run.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 18)
  fail(
    `Atelier needs Node 18 or later to install itself; this is ${process.version}. Install a newer Node and run the command again.`,
  );

const reasons = {
  ENOSPC: 'the disk is full. Free 2 GB',
  EACCES: 'your user may not write to it. Give yourself that right, or clone it elsewhere',
  EPERM: 'your user may not write to it. Give yourself that right, or clone it elsewhere',
  EROFS: 'the file system is read-only. Clone it elsewhere',
};
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  const reason = reasons[error.code];
  if (reason === undefined) throw error;
  fail(`Atelier cannot be prepared in ${root}: ${reason}, then run the command again.`);
}
// npm passes a signal on to its shell only; when that one has gone, nobody is left who could stop the server.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 500).unref();

const main = join(dist, 'interface', 'cli', 'main.js');
const { code } = await run(node24, [main, 'serve', ...process.argv.slice(2)]);
process.exitCode = code;
