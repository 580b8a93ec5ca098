// What the gateway adds to a call of a provider on the same machine, with key check, budget, price and trace on: beside a
// direct call and beside Portkey's gateway with nothing on, all in the same run, in turns. ATELIER_BENCH_CALLS (200000)
// is how many calls the memory is watched over; 0 leaves that part out.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { startServer } from '../test/start-server.ts';

const root = resolve(import.meta.dirname, '..');
const PORTKEY = '1.15.2';
const MEMORY_CALLS = Number(process.env.ATELIER_BENCH_CALLS ?? 200_000);

interface Target {
  name: string;
  origin: string;
  headers: Record<string, string>;
  model: string;
}
interface Measured {
  seconds: number;
  times: number[];
}

const print = (line: string) => process.stdout.write(`${line}\n`);
const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const ms = (value: number) => value.toFixed(2);

function run(script: string, argument?: unknown): Promise<string> {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'gateway', script),
    ...(argument === undefined ? [] : [JSON.stringify(argument)]),
  ]);
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    err += text;
  });
  return new Promise((done, fail) =>
    child.once('exit', (code) =>
      code === 0 ? done(out) : fail(new Error(`${script} ended with ${code}: ${err}`)),
    ),
  );
}

async function measure(target: Target, stream: boolean, inFlight: number, calls: number): Promise<Measured> {
  const body = JSON.stringify({
    model: target.model,
    messages: [{ role: 'user', content: 'Say a hundred words about the sea, please, and no more.' }],
    max_tokens: 200,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
  const load = {
    origin: target.origin,
    path: '/v1/chat/completions',
    headers: target.headers,
    body,
    inFlight,
    calls,
    ends: stream ? '[DONE]' : '}',
  };
  return JSON.parse(await run('load.ts', load)) as Measured;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let out = '';
    child.stdout?.on('data', (text: Buffer) => {
      out += text;
      if (out.includes('\n')) done(out.split('\n')[0] ?? '');
    });
    child.once('exit', (code) => fail(new Error(`it ended with ${code}`)));
  });
}

const freePort = () =>
  new Promise<number>((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Fetched once into .cache: it is no part of the program. */
function portkeyScript(): string {
  const folder = join(root, '.cache/portkey');
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(script)) {
    mkdirSync(folder, { recursive: true });
    // With a later version of its server library every stream of this Portkey ends with status 500.
    const overrides = { '@hono/node-server': '1.13.8' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
    print('fetching Portkey ...');
    execFileSync(
      'npm',
      ['install', '--silent', '--no-audit', '--no-fund', `@portkey-ai/gateway@${PORTKEY}`],
      {
        cwd: folder,
        stdio: 'inherit',
      },
    );
  }
  return script;
}

async function startPortkey(upstream: number): Promise<{ target: Target; child: ChildProcess }> {
  const port = await freePort();
  const child = spawn(process.execPath, [portkeyScript(), `--port=${port}`, '--headless'], {
    stdio: 'ignore',
  });
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try {
      await fetch(origin);
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((again) => setTimeout(again, 100));
    }
  }
  const headers = {
    authorization: 'Bearer none',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstream}/v1`,
  };
  return { target: { name: 'Portkey', origin, headers, model: 'bench' }, child };
}

/** A server with accounts on, a provider with a price, and a key with a budget and limits that all calls count against. */
async function startAtelier(upstream: number) {
  const server = await startServer({ env: { ATELIER_LOG: 'error' } });
  const origin = server.url.replace('localhost', '127.0.0.1').replace(/\/$/, '');
  let cookie = '';
  const call = async (method: string, path: string, body: unknown) => {
    const response = await fetch(`${origin}/atelier/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin, ...(cookie === '' ? {} : { cookie }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const given = response.headers.getSetCookie().map((one) => one.split(';')[0]);
    if (given.length > 0) cookie = given.join('; ');
    return response.status === 204 ? null : response.json();
  };
  const account = { email: 'bench@example.org', password: 'a long password of the bench' };
  await call('POST', '/accounts', { name: 'Bench', ...account });
  if (cookie === '') await call('POST', '/session', account);
  await call('POST', '/providers', {
    id: 'up',
    kind: 'openai-compatible',
    name: 'Upstream',
    baseUrl: `http://127.0.0.1:${upstream}/v1`,
    apiKey: 'secret',
  });
  await call('PUT', '/prices', {
    model: 'up/bench',
    price: {
      kind: 'tokens',
      input: 150_000_000,
      output: 600_000_000,
      cacheRead: null,
      cacheWrite: null,
      source: 'bench',
      date: '2026-11-30',
    },
  });
  const { key, secret } = (await call('POST', '/keys', { name: 'bench' })) as {
    key: { id: string };
    secret: string;
  };
  const subject = { kind: 'key', id: key.id };
  await call('POST', '/budgets', {
    subject,
    period: 'month',
    unit: 'money',
    amount: 1_000_000_000_000_000,
    action: 'refuse',
  });
  await call('PUT', '/limits', { subject, requestsPerMinute: 100_000_000, tokensPerMinute: 100_000_000_000 });
  const target: Target = {
    name: 'Atelier',
    origin,
    headers: { authorization: `Bearer ${secret}` },
    model: 'up/bench',
  };
  const spent = async () => {
    const response = await fetch(`${origin}/atelier/v1/budgets`, { headers: { cookie } });
    const { budgets } = (await response.json()) as { budgets: { spent: number; reserved: number }[] };
    return budgets[0];
  };
  return { target, server, spent };
}

/** In turns, so that what the machine does besides falls on all of them. */
async function inTurns(
  targets: readonly Target[],
  stream: boolean,
  inFlight: number,
  calls: number,
  rounds: number,
) {
  const all = new Map(targets.map((target) => [target.name, { seconds: 0, times: [] as number[] }]));
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      const { seconds, times } = await measure(target, stream, inFlight, calls);
      const sum = all.get(target.name);
      if (sum) {
        sum.seconds += seconds;
        sum.times.push(...times);
      }
    }
  }
  return new Map(
    [...all].map(([name, { seconds, times }]) => {
      const sorted = times.toSorted((a, b) => a - b);
      return [
        name,
        { perSecond: times.length / seconds, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) },
      ];
    }),
  );
}

function residentMegabytes(pid: number): number {
  return (
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
  );
}

async function watchMemory(target: Target, pid: number): Promise<void> {
  const after = async (calls: number) => {
    await measure(target, false, 16, calls);
    // What is only waiting to be written or collected is no growth.
    await new Promise((settled) => setTimeout(settled, 3000));
    return residentMegabytes(pid);
  };
  const early = await after(20_000);
  const late = await after(MEMORY_CALLS - 20_000);
  print(
    `memory: ${early.toFixed(0)} MB after 20,000 calls, ${late.toFixed(0)} MB after ${MEMORY_CALLS.toLocaleString('en')}: ${(late - early).toFixed(0)} MB more (at most 20)`,
  );
}

export async function bench(): Promise<void> {
  const upstream = spawn(process.execPath, [join(import.meta.dirname, 'gateway/upstream.ts')]);
  const port = Number(await firstLine(upstream));
  const direct: Target = { name: 'direct', origin: `http://127.0.0.1:${port}`, headers: {}, model: 'bench' };
  const portkey = await startPortkey(port);
  const atelier = await startAtelier(port);
  const targets = [direct, atelier.target, portkey.target];
  try {
    await inTurns(targets, false, 16, 2000, 1);
    await inTurns(targets, true, 16, 500, 1);
    for (const stream of [false, true]) {
      const what = stream ? 'stream of 100 chunks' : 'plain';
      const alone = await inTurns(targets, stream, 1, stream ? 200 : 400, 5);
      const base = alone.get('direct')?.p50 ?? Number.NaN;
      print(
        `${what}, 1 in flight, median ms: ${[...alone].map(([name, { p50 }]) => `${name} ${ms(p50)}`).join(', ')}; added: Atelier ${ms((alone.get('Atelier')?.p50 ?? 0) - base)}, Portkey ${ms((alone.get('Portkey')?.p50 ?? 0) - base)}`,
      );
      const many = await inTurns(targets, stream, 16, stream ? 1000 : 4000, 3);
      const ours = many.get('Atelier');
      const theirs = many.get('Portkey');
      print(
        `${what}, 16 in flight: ${[...many].map(([name, { perSecond, p50, p99 }]) => `${name} ${perSecond.toFixed(0)}/s p50 ${ms(p50)} p99 ${ms(p99)}`).join('; ')}; throughput ${((ours?.perSecond ?? 0) / (theirs?.perSecond ?? 1)).toFixed(2)} of Portkey's (at least 2)`,
      );
    }
    const counted = await atelier.spent();
    print(`the key's budget has ${counted?.spent} nano-dollars spent and ${counted?.reserved} held`);
    if (MEMORY_CALLS > 20_000 && atelier.server.process.pid !== undefined)
      await watchMemory(atelier.target, atelier.server.process.pid);
  } finally {
    await atelier.server.stop();
    portkey.child.kill();
    upstream.kill();
  }
}
