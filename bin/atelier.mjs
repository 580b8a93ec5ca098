#!/usr/bin/env node
// The `atelier` command. Plain JavaScript, so that any Node from 18 can start it; the program runs on Node 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist', 'interface', 'cli', 'main.js');

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function node24() {
  try {
    const home = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // The package is absent: this Node will do when it is new enough, which is checked below.
  }
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    `Atelier needs Node 22.18 or later, or the package "node" with its install script; this is ${process.version}.`,
  );
}

if (!existsSync(main))
  fail('Atelier is not built yet. Run `npm start` once in its folder, or `npm run build`.');
const child = spawn(node24(), [main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`Atelier cannot be started: ${error.message}.`));
child.on('close', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 15)));
