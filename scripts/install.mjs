// Installs the dependencies when the lock file says that something is missing; finished work is not repeated.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root } from './paths.mjs';
import { fail, run } from './run.mjs';

const stampFile = join(root, 'node_modules', '.atelier-install');

function wanted() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}`;
}

function npmCommand() {
  // Under `npm start` npm names its own script; by hand, `npm` is looked up.
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return [process.execPath, [script]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
}

export async function ensureInstalled() {
  const stamp = wanted();
  if (existsSync(node24) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const started = Date.now();
  process.stdout.write('Installing dependencies (about 700 MB, once) ...\n');
  const [command, args] = npmCommand();
  const verb = existsSync(join(root, 'node_modules')) ? ['install', '--no-save'] : ['ci'];
  const { code } = await run(command, [...args, ...verb, '--no-audit', '--no-fund', '--loglevel=error'], {
    // The prebuilt llama.cpp comes as packages; nothing is to be downloaded from elsewhere or compiled.
    env: { NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true', npm_config_ignore_scripts: 'false' },
  });
  if (code !== 0) {
    fail(
      `npm could not install the dependencies (exit code ${code}; its message stands above). ` +
        'Check that the package registry is reachable and that the disk has 2 GB free, then run the command again: what was finished is kept.',
    );
  }
  if (!existsSync(node24)) {
    fail(
      'The package "node" came without its binary, so its install script did not run. Allow install scripts (npm config set ignore-scripts false) and run the command again.',
    );
  }
  writeFileSync(stampFile, stamp);
  process.stdout.write(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.\n`);
}
