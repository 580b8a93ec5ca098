// Installs the dependencies when the lock file says that something is missing; finished work is not repeated, and a
// half-finished one is not trusted.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { exclusively } from './exclusively.mjs';
import { node24, root } from './paths.mjs';
import { fail, run, stopWhenInterrupted } from './run.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.atelier-install');
const hiddenLock = join(modules, '.package-lock.json');
const lockFile = join(root, 'package-lock.json');

function wanted() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return `${hash} ${process.platform} ${process.arch}`;
}

function isInstalled() {
  return existsSync(node24) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted();
}

const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** What the lock file names and npm left out. npm writes its hidden lock file last. */
function missing(isNeeded) {
  const here = existsSync(hiddenLock) ? packagesIn(hiddenLock) : {};
  return Object.entries(packagesIn(lockFile)).filter(
    ([path, entry]) => path !== '' && isNeeded(entry) && here[path]?.version !== entry.version,
  );
}

const libcHere = () => (process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl');
const includes = (list, value) => list === undefined || list.includes(value);

/** An optional package that names this platform: a prebuilt program. */
function isForThisPlatform({ optional, os, cpu, libc }) {
  return (
    optional &&
    os &&
    includes(os, process.platform) &&
    includes(cpu, process.arch) &&
    (libc === undefined || libc.includes(libcHere()))
  );
}

const installedByHand = () =>
  existsSync(node24) &&
  existsSync(hiddenLock) &&
  missing((entry) => !entry.optional || isForThisPlatform(entry)).length === 0;

/** @param node runs npm; by default the Node of this process */
function npm(args, { env = {}, node = process.execPath } = {}) {
  // Under `npm start` npm names its own script; by hand, `npm` is looked up and takes the first Node on the path.
  const script = process.env.npm_execpath ?? '';
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const [command, before] =
    basename(script) === 'npm-cli.js'
      ? [node, [script]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  return run(command, [...before, ...args], { env: { ...env, PATH: path }, capture: true });
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

const codeIn = (output) => /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1];
const isUnreachable = (code) =>
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|E5\d\d|ERR_|CERT|SELF|UNABLE|DEPTH)/.test(code ?? '');
const ping = () => npm(['ping', '--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=1000']);

/** npm's many lines as one sentence with the next step, where the cause is a common one. */
async function explain({ code, output }) {
  const again = 'then run the command again: what was fetched is kept.';
  // Some npm 10 die of a lost network with "Exit handler never called!"; asked plainly, they name the cause.
  const cause = codeIn(output) ?? codeIn((await ping()).output);
  if (cause === 'ENOSPC')
    return `The disk is full: the dependencies need 2 GB in ${root} and in npm's cache. Free some space, ${again}`;
  if (cause === 'EACCES' || cause === 'EPERM' || cause === 'EROFS')
    return `npm may not write its files (${cause}). Give your user the right to write to ${root} and to npm's cache (npm config get cache), ${again}`;
  if (isUnreachable(cause)) {
    const registry = (await npm(['config', 'get', 'registry', '--loglevel=error'])).output
      .trim()
      .replace(/\/\/[^/@]*@/, '//');
    return `The package registry ${registry} cannot be reached (${cause}). Check the network and its proxy, or name a mirror with \`npm config set registry URL\`, ${again}`;
  }
  return `${output.trim()}\nnpm could not install the dependencies (exit code ${code}); its message stands above. Do what it asks, ${again}`;
}

const patience = ['--fetch-retries=4', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];
// The prebuilt llama.cpp and ONNX Runtime come as packages; nothing is to be downloaded from elsewhere or compiled.
const env = {
  NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true',
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  npm_config_ignore_scripts: 'false',
};

async function runNpm(cut) {
  // Without a network npm tries for minutes, package by package.
  const answer = await ping();
  if (isUnreachable(codeIn(answer.output))) return answer;
  // What was cut in the middle may look whole, so all of it is laid out anew, from npm's cache.
  if (cut || !existsSync(hiddenLock)) rmSync(modules, { recursive: true, force: true });
  // Not `npm ci`: some npm 11 refuse a lock file that lacks an optional package which the registry does not have.
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', ...patience];
  const first = await npm(install, { env });
  if (first.code !== 0 || missing(isForThisPlatform).length === 0 || !existsSync(node24)) return first;
  // Under an older Node npm leaves out, without a word, the prebuilt programs whose packages ask for a newer one.
  return npm(install, { env, node: node24 });
}

async function install(cut) {
  if (isInstalled()) return;
  if (cut || !installedByHand()) {
    rmSync(stampFile, { force: true });
    const result = await shown('Installing dependencies (about 700 MB, once)', () => runNpm(cut));
    if (result.code !== 0) fail(await explain(result));
    const left = missing(isForThisPlatform).map(([path]) => path.replace(/^.*node_modules\//, ''));
    if (left.length > 0)
      process.stderr.write(`npm left out ${left.join(', ')}; what needs it will not work here.\n`);
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
