#!/usr/bin/env node
// The `atelier` command. Plain JavaScript, so that any Node from 18 can start it; the program runs on Node 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist', 'interface', 'cli', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('Atelier is not built yet. Run `npm start` once in its folder, or `npm run build`.\n');
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
  process.stderr.write(
    `Atelier needs Node 22.18 or later and the package "node" is not installed; this is ${process.version}.\n`,
  );
  process.exit(1);
}

const child = spawn(node24(), [main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
