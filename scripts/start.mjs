// `npm start`: install, build and serve. Runs on any Node from 18 and goes on under the one that it installed.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { dist, node24 } from './paths.mjs';
import { fail, run } from './run.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 18)
  fail(
    `Atelier needs Node 18 or later to install itself; this is ${process.version}. Install a newer Node and run the command again.`,
  );

await ensureInstalled();
await ensureBuilt();
const { code } = await run(node24, [
  join(dist, 'interface', 'cli', 'main.js'),
  'serve',
  ...process.argv.slice(2),
]);
process.exitCode = code;
