// Seconds from the command to a listening server with everything installed and built, resident memory of the idle server
// without a model, and, with ATELIER_BENCH_COLD=1, seconds and megabytes of a cold install in a fresh clone.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startServer } from '../test/start-server.ts';
import { median } from './statistics.ts';

const root = resolve(import.meta.dirname, '..');

/** Seconds until a Node process that only listens answers: what of the time is the runtime's own. */
function bareNode(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [
    '-e',
    "require('node:http').createServer().listen(0, () => console.log('up'))",
  ]);
  return new Promise((done) => {
    child.stdout.once('data', () => {
      done((performance.now() - started) / 1000);
      child.kill();
    });
  });
}

/** `npm start` as a person types it, until it says where it listens. */
async function npmStart(dataDir: string): Promise<number> {
  const started = performance.now();
  const child = spawn(
    'npm',
    ['start', '--silent', '--', '--no-open', '--port', '0', '--data', dataDir, '--model', 'none'],
    { cwd: root, detached: true },
  );
  const seconds = await new Promise<number>((done, fail) => {
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      if (printed.includes('http://')) done((performance.now() - started) / 1000);
    });
    child.once('exit', (code) => fail(new Error(`npm start ended with ${code}: ${printed}`)));
  });
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await new Promise((done) => child.once('exit', done));
  return seconds;
}

/** Resident and private memory of a process in MB, from /proc (Linux). */
function memory(pid: number): { resident: number; proportional: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = (text: string, key: string) =>
      Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
    return { resident: kilobytes(status, 'VmRSS') / 1024, proportional: kilobytes(rollup, 'Pss') / 1024 };
  } catch {
    return null;
  }
}

function coldInstall(): void {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-cold-'));
  try {
    execFileSync('git', ['clone', '--quiet', root, join(folder, 'clone')]);
    const env = { ...process.env, HOME: join(folder, 'home'), npm_config_cache: join(folder, 'npm') };
    const started = performance.now();
    execFileSync('npm', ['ci', '--silent', '--no-audit', '--no-fund'], {
      cwd: join(folder, 'clone'),
      env,
      stdio: 'ignore',
    });
    const seconds = (performance.now() - started) / 1000;
    const megabytes = Number(
      execFileSync('du', ['-sm', join(folder, 'clone', 'node_modules')], { encoding: 'utf8' }).split('\t')[0],
    );
    process.stdout.write(`cold install: ${seconds.toFixed(0)} s, ${megabytes} MB in node_modules\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bench(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  await npmStart(dataDir);
  const seconds: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < 5; i++) {
    bare.push(await bareNode());
    seconds.push(await npmStart(dataDir));
  }
  rmSync(dataDir, { recursive: true, force: true });
  process.stdout.write(
    `npm start to listening: ${median(seconds).toFixed(2)} s (median of 5; must be under 3), ${(median(seconds) / median(bare)).toFixed(1)} times a bare Node listener (${median(bare).toFixed(2)} s)\n`,
  );

  const server = await startServer();
  await fetch(server.url);
  await fetch(`${server.url}/atelier/v1/models`);
  await new Promise((done) => setTimeout(done, 5000));
  const used = server.process.pid === undefined ? null : memory(server.process.pid);
  if (used === null) process.stdout.write('idle memory: not measured (needs Linux)\n');
  else
    process.stdout.write(
      `idle memory of the server: ${used.resident.toFixed(0)} MB resident, ${used.proportional.toFixed(0)} MB proportional (goal 150, must be under 200)\n`,
    );
  await server.stop();
  if (process.env.ATELIER_BENCH_COLD === '1') coldInstall();
}
