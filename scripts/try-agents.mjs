// `npm run try:agents`: Claude Code and Codex as they come from npm, each pointed at a server of ours by changing one
// address: an answer, and a round trip in which the agent creates a file. Nothing outside a throw-away folder is touched,
// no account is used and no real model asked. The agents are kept in .cache/agents.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { cache, dist, node24 } from './paths.mjs';
import { fail, run } from './run.mjs';

const packages = { '@anthropic-ai/claude-code': '2.1.330', '@openai/codex': '0.169.0' };
const MODEL = 'scripted/script';
const LIMIT_MS = 120_000;
const windows = process.platform === 'win32';

const home = join(cache, 'agents');
const command = (name) => join(home, 'node_modules', '.bin', windows ? `${name}.cmd` : name);

/** The pinned versions, and nothing again when they are there. */
async function ensureAgents() {
  const wanted = JSON.stringify({ private: true, dependencies: packages }, null, 2);
  const manifest = join(home, 'package.json');
  const known = existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';
  if (known === wanted && existsSync(command('claude')) && existsSync(command('codex'))) return;
  process.stdout.write('Fetching Claude Code and Codex from npm (about 800 MB on disk) ...\n');
  mkdirSync(home, { recursive: true });
  writeFileSync(manifest, wanted);
  const npm = process.env.npm_execpath;
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock'];
  const { code, output } = npm
    ? await run(process.execPath, [npm, ...args], { cwd: home, capture: true })
    : await run(windows ? 'npm.cmd' : 'npm', args, { cwd: home, capture: true });
  if (code === 0) return;
  rmSync(manifest, { force: true });
  fail(`npm could not install the agents:\n${output}`);
}

/** A server of its own, on a free port, that fetches no model. */
async function startServer(dataDir) {
  const main = join(dist, 'interface', 'cli', 'main.js');
  const args = ['serve', '--port', '0', '--no-open', '--json', '--model', 'none', '--data', dataDir];
  const child = spawn(node24, [main, ...args], {
    env: { ...process.env, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const line = printed.split('\n').find((one) => one.includes('"event":"listening"'));
      if (line) resolve(JSON.parse(line).url);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${printed}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      // False: it has ended by itself.
      if (!child.kill('SIGTERM')) resolve();
    });
  return { url, stop };
}

/** An agent's run with nothing of this person's environment: no keys, no settings, no history. */
function runAgent(name, args, { cwd, env }) {
  return new Promise((resolve) => {
    const kept = ['PATH', 'SystemRoot', 'ComSpec', 'PATHEXT'].flatMap((key) =>
      process.env[key] === undefined ? [] : [[key, process.env[key]]],
    );
    const child = spawn(command(name), args, {
      cwd,
      env: { ...Object.fromEntries(kept), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      err += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.on('error', (error) => {
      err += String(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}

const lastLine = (text) => text.trimEnd().split('\n').at(-1) ?? '';

/** Each agent: what it is run with, and where its last words are. */
const agents = {
  'Claude Code': async ({ url, folder, work }, prompt) => {
    const args = [
      '-p',
      prompt,
      '--model',
      MODEL,
      '--output-format',
      'json',
      '--permission-mode',
      'acceptEdits',
    ];
    const { code, out, err } = await runAgent('claude', args, {
      cwd: work,
      env: {
        HOME: folder,
        USERPROFILE: folder,
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_API_KEY: 'any-key',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
    });
    try {
      const { result, is_error } = JSON.parse(out);
      return is_error ? { error: String(result) } : { said: String(result) };
    } catch {
      return { error: `it ended with ${code}: ${lastLine(out + err)}` };
    }
  },
  Codex: async ({ url, folder, work }, prompt) => {
    const settings = join(folder, '.codex');
    const answer = join(folder, 'answer.txt');
    mkdirSync(settings, { recursive: true });
    rmSync(answer, { force: true });
    writeFileSync(
      join(settings, 'config.toml'),
      `model = "${MODEL}"\nmodel_provider = "atelier"\n\n[model_providers.atelier]\nname = "Atelier"\nbase_url = "${url}/v1"\nenv_key = "ATELIER_KEY"\nwire_api = "responses"\n`,
    );
    // Its own sandbox does not start everywhere; the one command that it runs is written below.
    const args = [
      'exec',
      '--skip-git-repo-check',
      '--dangerously-bypass-approvals-and-sandbox',
      '-o',
      answer,
      prompt,
    ];
    const { code, out, err } = await runAgent('codex', args, {
      cwd: work,
      env: { HOME: folder, USERPROFILE: folder, ATELIER_KEY: 'any-key' },
    });
    if (code === 0 && existsSync(answer)) return { said: readFileSync(answer, 'utf8') };
    return { error: `it ended with ${code}: ${lastLine(out + err)}` };
  },
};

/** How each agent is told to write a file: by a call of a tool of its own. */
const writes = {
  'Claude Code': (file, text) => `#tool Write ${JSON.stringify({ file_path: file, content: text })}`,
  Codex: (file, text) => `#tool exec_command ${JSON.stringify({ cmd: `echo ${text} > ${file}` })}`,
};

async function tryAgent(name, place) {
  const faults = [];
  const hello = await agents[name](place, '#text Hello from the gateway.');
  if (hello.said?.trim() !== 'Hello from the gateway.')
    faults.push(`asked for a greeting, it gave ${JSON.stringify(hello.said ?? hello.error)}`);

  const file = join(place.work, `${name.toLowerCase().replace(/\W/g, '-')}.txt`);
  const text = `written by ${name}`;
  const script = `${writes[name](file, text)}\n#text The file is there.`;
  const made = await agents[name](place, script);
  if (!existsSync(file))
    faults.push(`it created no file; it said ${JSON.stringify(made.said ?? made.error)}`);
  else if (readFileSync(file, 'utf8').trim() !== text)
    faults.push(`its file holds ${JSON.stringify(readFileSync(file, 'utf8'))}`);
  if (made.said?.trim() !== 'The file is there.')
    faults.push(`after the file it said ${JSON.stringify(made.said ?? made.error)}`);
  return faults;
}

/** Traces in the server's ledger; those of calls that have just ended are stored a moment later. */
async function countTraces(url, atLeast) {
  for (let look = 0; ; look++) {
    const response = await fetch(`${url}/atelier/v1/traces?limit=100`);
    const { traces } = await response.json();
    if (traces.length >= atLeast || look === 20) return traces.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await ensureInstalled();
await ensureBuilt();
await ensureAgents();

const folder = mkdtempSync(join(tmpdir(), 'atelier-agents-'));
const server = await startServer(join(folder, 'data'));
let failed = false;
let traced = 0;
try {
  const work = join(folder, 'work');
  mkdirSync(work);
  for (const [name, version] of [
    ['Claude Code', packages['@anthropic-ai/claude-code']],
    ['Codex', packages['@openai/codex']],
  ]) {
    const started = Date.now();
    const faults = await tryAgent(name, { url: server.url, folder, work });
    const calls = (await countTraces(server.url, traced + 3)) - traced;
    traced += calls;
    if (calls < 3) faults.push(`the ledger has ${calls} of its calls, and 3 were made`);
    failed ||= faults.length > 0;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(
      faults.length === 0
        ? `${name} ${version}: answered and created a file (${calls} traced calls, ${seconds} s)\n`
        : `${name} ${version}: FAILED: ${faults.join('; ')}\n`,
    );
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
