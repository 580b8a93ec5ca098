// `atelier doctor`: what this machine has and lacks, a line each; exits with 1 when something that is needed is missing.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { readAddress } from '../../../app.ts';
import { type Command, clientConfig, flag, words } from '../command.ts';
import { bytes, printable, printJson } from '../output.ts';
import { version } from '../version.ts';

interface Finding {
  name: string;
  ok: boolean;
  /** A fault stops Atelier; the rest is only worth knowing. */
  needed: boolean;
  detail: string;
}

/** The folder itself, or the nearest one above it that is there: a diagnosis makes no folders. */
async function existing(dir: string): Promise<string> {
  const found = await stat(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && dirname(dir) !== dir) return null;
    throw error;
  });
  if (found === null) return existing(dirname(dir));
  if (!found.isDirectory()) throw new Error(`${dir} is a file`);
  return dir;
}

async function dataFolder(dir: string): Promise<Finding> {
  const finding = { name: 'data folder', needed: true };
  try {
    const place = await existing(dir);
    // Trying is the only test that holds for every user and file system.
    await rmdir(await mkdtemp(join(place, '.atelier-doctor-')));
    const disk = await statfs(place);
    const free = disk.bavail * disk.bsize;
    const enough = free > 2e9;
    const made = place === dir ? '' : ' (not made yet)';
    return {
      ...finding,
      ok: enough,
      detail: `${dir}${made}, ${bytes(free)} free${enough ? '' : ': the default model needs 2 GB'}`,
    };
  } catch (error) {
    return {
      ...finding,
      ok: false,
      detail: `${dir} cannot be written (${error instanceof Error ? error.message : error}); choose another with --data`,
    };
  }
}

async function pip(): Promise<Finding> {
  const { pipCandidates } = await import('../../../app.ts');
  for (const [command = 'pip', ...args] of pipCandidates(process.platform)) {
    const found = spawnSync(command, [...args, '--version'], { encoding: 'utf8', timeout: 10_000 });
    if (found.status === 0)
      return {
        name: 'pip',
        ok: true,
        needed: false,
        detail: found.stdout.trim().split(' from ')[0] ?? 'found',
      };
  }
  return {
    name: 'pip',
    ok: false,
    needed: false,
    detail: 'absent: models can still come from the hub, from a file, or from an endpoint',
  };
}

async function engine(): Promise<Finding> {
  try {
    const { engineBackends } = await import('../../../app.ts');
    return {
      name: 'local engine',
      ok: true,
      needed: true,
      detail: `llama.cpp with ${(await engineBackends()).join(', ')}`,
    };
  } catch (error) {
    return {
      name: 'local engine',
      ok: false,
      needed: true,
      detail: `the prebuilt llama.cpp does not load: ${error instanceof Error ? error.message : error}`,
    };
  }
}

export const doctor: Command = {
  help: `atelier doctor: what this machine has and lacks

  --data DIR   data folder
  --json       machine-readable output

Exits with 1 when something that is needed is missing.
`,
  options: {},
  async run({ values, positionals, env }) {
    words(positionals, 'atelier doctor');
    const config = clientConfig(values, env);
    const address = await readAddress(config.dataDir);
    const findings: Finding[] = [
      { name: 'atelier', ok: true, needed: true, detail: version },
      { name: 'node', ok: true, needed: true, detail: process.version },
      {
        name: 'processor',
        ok: true,
        needed: true,
        detail: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`,
      },
      {
        name: 'memory',
        ok: totalmem() > 3e9,
        needed: true,
        detail: `${bytes(freemem())} free of ${bytes(totalmem())}`,
      },
      await dataFolder(config.dataDir),
      await pip(),
      await engine(),
      {
        name: 'server',
        ok: address !== null,
        needed: false,
        detail: address === null ? 'not running for this data folder' : address.url,
      },
    ];
    if (flag(values, 'json')) printJson({ findings });
    else
      for (const { name, ok, needed, detail } of findings)
        process.stdout.write(
          `${ok ? 'ok     ' : needed ? 'MISSING' : '-      '} ${name.padEnd(13)} ${printable(detail)}\n`,
        );
    return findings.some((finding) => finding.needed && !finding.ok) ? 1 : 0;
  },
};
