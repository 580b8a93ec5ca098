// Installs the dependencies when the lock file says that something is missing; finished work is not repeated, and a
// half-finished one is not trusted.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exclusively } from './exclusively.mjs';
import { node24, root } from './paths.mjs';
import { fail, run, stopWhenInterrupted } from './run.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.atelier-install');
const lockFile = join(root, 'package-lock.json');

function wanted() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return `${hash} ${process.platform} ${process.arch}`;
}

function isInstalled() {
  return existsSync(node24) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted();
}

/** npm writes its hidden lock file last, so an install by hand is complete when that one names all that ours does. */
function installedByHand() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(node24) || !existsSync(hidden)) return false;
  const here = read(hidden);
  return Object.entries(read(lockFile)).every(
    ([path, { version, optional }]) =>
      path === '' || here[path]?.version === version || (optional && here[path] === undefined),
  );
}

function npm(args, env = {}) {
  // Under `npm start` npm names its own script; by hand, `npm` is looked up.
  const script = process.env.npm_execpath ?? '';
  const [command, before] =
    basename(script) === 'npm-cli.js'
      ? [process.execPath, [script]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  return run(command, [...before, ...args], { env, capture: true });
}

/** Seconds that count up, where someone watches. */
async function shown(title, work) {
  process.stdout.write(`${title} ...\n`);
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const clock = process.stdout.isTTY
    ? setInterval(() => process.stdout.write(`\r${seconds()} s`), 1000)
    : undefined;
  const result = await work();
  clearInterval(clock);
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  stopWhenInterrupted(result);
  if (result.code === 0) process.stdout.write(`Installed in ${seconds()} s.\n`);
  return result;
}

/** npm's many lines as one sentence with the next step, where the cause is a common one. */
async function explain({ code, output }) {
  const again = 'then run the command again: what was fetched is kept.';
  const codeIn = (text) => /npm (?:error|ERR!) code (\S+)/.exec(text)?.[1];
  // Some npm 10 die of an unreachable registry with "Exit handler never called!"; asked plainly, they name the cause.
  const cause = codeIn(output) ?? codeIn((await npm(['ping', '--fetch-retries=0'])).output);
  if (cause === 'ENOSPC')
    return `The disk is full: the dependencies need 2 GB in ${root} and in npm's cache. Free some space, ${again}`;
  if (cause === 'EACCES' || cause === 'EPERM' || cause === 'EROFS')
    return `npm may not write its files (${cause}). Give your user the right to write to ${root} and to npm's cache (npm config get cache), ${again}`;
  if (
    cause !== undefined &&
    /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|E5\d\d|ERR_|CERT|SELF|UNABLE|DEPTH)/.test(cause)
  ) {
    const registry = (await npm(['config', 'get', 'registry'])).output.trim().replace(/\/\/[^/@]*@/, '//');
    return `The package registry ${registry} cannot be reached (${cause}). Check the network and its proxy, or name a mirror with \`npm config set registry URL\`, ${again}`;
  }
  return `${output.trim()}\nnpm could not install the dependencies (exit code ${code}); its message stands above. Do what it asks, ${again}`;
}

async function install(cut) {
  if (isInstalled()) return;
  if (cut || !installedByHand()) {
    rmSync(stampFile, { force: true });
    // What was cut in the middle may look whole, so all of it is laid out anew, from npm's cache.
    const verb = !cut && existsSync(join(modules, '.package-lock.json')) ? ['install', '--no-save'] : ['ci'];
    const quick = ['--fetch-retries=4', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];
    const result = await shown('Installing dependencies (about 700 MB, once)', () =>
      // The prebuilt llama.cpp comes as packages; nothing is to be downloaded from elsewhere or compiled.
      npm([...verb, '--no-audit', '--no-fund', '--loglevel=error', ...quick], {
        NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true',
        npm_config_ignore_scripts: 'false',
      }),
    );
    if (result.code !== 0) fail(await explain(result));
  }
  if (!existsSync(node24))
    fail(
      'The package "node" came without its binary, so its install script did not run. Allow install scripts (npm config set ignore-scripts false), remove the folder node_modules and run the command again.',
    );
  writeFileSync(stampFile, wanted());
}

export async function ensureInstalled() {
  if (!isInstalled()) await exclusively('install', install);
}
