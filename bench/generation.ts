// Tokens a second through our HTTP API beside bare node-llama-cpp and, when LLAMA_SERVER names one, beside llama-server:
// one and eight streams, interleaved pairs, the client in a process of its own. Then the second turn of a long
// conversation. ATELIER_BENCH_MODELS names a folder with the weights (default: what `npm test` fetched).
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type RunningServer, startServer } from '../test/start-server.ts';
import { median, printRatio } from './statistics.ts';

const root = resolve(import.meta.dirname, '..');
const here = import.meta.dirname;
const folder = process.env.ATELIER_BENCH_MODELS ?? join(root, '.cache/models');
const pairsWanted = Number(process.env.ATELIER_BENCH_PAIRS ?? 10);
/** Tokens of one measurement: 512 by one stream, or 128 by each of eight. */
const scale = Number(process.env.ATELIER_BENCH_TOKENS ?? 512);
const tokensOf = (streams: number): number => (streams === 1 ? scale : Math.ceil(scale / 4));
const prompt =
  'Write a long story about a lighthouse keeper, with many details of the sea, the weather and the ships.';

interface Subject {
  id: string;
  /** Ids of the tokens that end an answer, banned so that each stream writes all its tokens. */
  banned: number[];
}
const subjects: Subject[] = [
  { id: 'smollm2-135m-instruct', banned: [0, 2] },
  { id: 'qwen2.5-coder-1.5b-instruct', banned: [151643, 151645] },
];

interface Measured {
  perSecond: number;
  firstMs: number;
  text: string;
}

async function throughApi(
  url: string,
  model: string,
  streams: number,
  banned: number[],
  more: Record<string, unknown> = {},
): Promise<Measured> {
  const load = JSON.stringify({ url, model, streams, tokens: tokensOf(streams), banned, prompt, ...more });
  const { stdout } = await promisify(execFile)(process.execPath, [join(here, 'openai-load.ts'), load], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as Measured;
}

/** The bare peer, kept loaded between its turns. */
async function openBare(
  path: string,
): Promise<{ measure(streams: number, banned: number[]): Promise<number>; stop(): void }> {
  const child = spawn(process.execPath, [join(here, 'bare-llama.ts'), path, String(cpus().length)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async measure(streams, banned) {
      child.stdin.write(`${JSON.stringify({ streams, tokens: tokensOf(streams), prompt, banned })}\n`);
      return (JSON.parse((await lines.next()).value ?? '{}') as Measured).perSecond;
    },
    stop: () => child.kill(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function openLlamaServer(path: string): Promise<{ url: string; child: ChildProcess } | null> {
  const binary = process.env.LLAMA_SERVER;
  if (!binary) return null;
  const port = await freePort();
  const threads = String(cpus().length);
  const child = spawn(
    binary,
    [
      '-m',
      path,
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '-np',
      '8',
      '-c',
      '8192',
      '-t',
      threads,
      '-tb',
      threads,
      '--log-disable',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 300; i++) {
    const ready = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { url, child };
    await new Promise((done) => setTimeout(done, 200));
  }
  child.kill();
  throw new Error('llama-server did not become ready within 60 s');
}

async function compare(server: RunningServer, subject: Subject): Promise<void> {
  const path = join(folder, 'models', `${subject.id}.gguf`);
  const model = `local/${subject.id}`;
  const bare = await openBare(path);
  const other = await openLlamaServer(path);
  try {
    for (const streams of [1, 8]) {
      await throughApi(server.url, model, streams, subject.banned, { tokens: 16 });
      const againstBare: [number, number][] = [];
      const againstServer: [number, number][] = [];
      for (let i = 0; i < pairsWanted; i++) {
        const ours = (await throughApi(server.url, model, streams, subject.banned)).perSecond;
        againstBare.push([ours, await bare.measure(streams, subject.banned)]);
        if (other)
          againstServer.push([
            ours,
            (await throughApi(other.url, subject.id, streams, subject.banned)).perSecond,
          ]);
      }
      const label = `${subject.id}, ${streams} stream${streams === 1 ? '' : 's'}, tokens/s`;
      printRatio(
        `${label}, ours against bare node-llama-cpp`,
        againstBare,
        `interval must reach ${streams === 1 ? 0.95 : 0.9}`,
      );
      if (other) printRatio(`${label}, ours against llama-server`, againstServer, 'goal 1.0, at least 0.9');
    }
    if (!other) process.stdout.write('llama-server: not compared (LLAMA_SERVER names none)\n');
  } finally {
    bare.stop();
    other?.child.kill();
  }
}

/** Time to the first token of the first and of the second turn of a conversation of about 2,000 tokens. */
async function secondTurn(server: RunningServer, subject: Subject): Promise<void> {
  const ratios: number[] = [];
  for (let i = 0; i < 3; i++) {
    const long = `Attempt ${i}. ${Array.from({ length: 170 }, (_, line) => `Line ${line}: the keeper noted the wind and the tide.`).join('\n')}\nSummarise this log.`;
    const first = await throughApi(server.url, `local/${subject.id}`, 1, [], { prompt: long, tokens: 32 });
    const history = [
      { role: 'user', content: long },
      { role: 'assistant', content: first.text },
    ];
    const second = await throughApi(server.url, `local/${subject.id}`, 1, [], {
      prompt: 'And in one sentence?',
      tokens: 8,
      history,
    });
    ratios.push(second.firstMs / first.firstMs);
    process.stdout.write(
      `${subject.id}, first token of turn 1: ${first.firstMs.toFixed(0)} ms, of turn 2: ${second.firstMs.toFixed(0)} ms\n`,
    );
  }
  process.stdout.write(
    `${subject.id}, second turn against the first: ${median(ratios).toFixed(3)} (at most 0.25)\n`,
  );
}

export async function bench(): Promise<void> {
  const present = subjects.filter((subject) => existsSync(join(folder, 'models', `${subject.id}.gguf`)));
  if (present.length === 0)
    throw new Error(
      `No model of the bench lies in ${join(folder, 'models')}; run npm test once, or set ATELIER_BENCH_MODELS.`,
    );
  const server = await startServer({ dataDir: folder });
  try {
    for (const subject of present) {
      await compare(server, subject);
      await secondTurn(server, subject);
    }
  } finally {
    await server.stop({ keep: true });
  }
}
