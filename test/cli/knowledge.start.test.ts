// Documents, agents and apps at the command line, with a server and without one, on scripted models.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Source } from '../../src/contracts/knowledge.ts';
import { type RunningServer, startServer } from '../start-server.ts';
import { runCli, startCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'atelier-papers-'));
const dataDir = join(folder, 'data');
const papers = join(folder, 'Papers');
// No source of an embedding model is reachable: documents are found by their words, and nothing is fetched.
const env = { HF_ENDPOINT: 'http://127.0.0.1:9', PATH: '/nonexistent' };
const cli = (...args: string[]) => runCli(args, { dataDir, env });
const model = ['-m', 'scripted/script'];
let server: RunningServer;

beforeAll(async () => {
  mkdirSync(join(papers, 'fr'), { recursive: true });
  writeFileSync(join(papers, 'fr', 'bail.md'), '# Bail\n\nLe loyer annuel est de 18 400 euros.\n');
  writeFileSync(join(papers, 'printer.txt'), 'The printer stands on the second floor.\n');
  writeFileSync(join(papers, 'broken.pdf'), '%PDF-1.7\nnothing more');
  server = await startServer({ dataDir, env });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a folder is taken in; what could not be read is named; again, nothing is done twice', async () => {
  const first = await cli('knowledge', 'add', papers);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toMatch(/^Papers: 2 documents, \d+ passages\.$/m);
  expect(first.stderr).toContain('not read: Papers/broken.pdf:');
  const again = await cli('knowledge', 'add', papers, '--json');
  expect(JSON.parse(again.stdout).collection.documents).toMatchObject({ total: 3, ready: 2, failed: 1 });
  expect((await cli('knowledge', 'list')).stdout).toMatch(/^Papers +col_\w+ +2 +\d+ +1 /m);
  expect((await cli('knowledge', 'show', 'papers')).stdout).toMatch(/^Papers\/printer\.txt +ready/m);
  const missing = await cli('knowledge', 'add', join(folder, 'absent'));
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('There is no file or folder')]);
});

test('it is searched, and the indexes agree with the documents', async () => {
  const found = await cli('knowledge', 'search', 'Papers', 'where', 'is', 'the', 'printer');
  expect(found.stdout).toMatch(/^1\. .*printer/m);
  expect(found.stdout).toContain('second floor');
  const unknown = await cli('knowledge', 'search', 'Papiers', 'x');
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    expect.stringContaining('There is no collection "Papiers". There are: Papers'),
  ]);
  expect(await cli('knowledge', 'check')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('all agree'),
  });
});

test('a question is answered with the passages that the answer stands on', async () => {
  const script = 'Quel est le loyer annuel ?\n#text Il est de 18 400 euros [1].';
  const said = await cli('ask', '-c', 'Papers', ...model, script);
  expect(said.code, said.stderr).toBe(0);
  expect(said.stdout).toContain('Il est de 18 400 euros [1].');
  expect(said.stdout).toMatch(/^\[1\] Papers\/fr\/bail\.md/m);
  const json = JSON.parse((await cli('ask', '-c', 'Papers', ...model, '--json', script)).stdout) as {
    sources: Source[];
    verdict: { inDocuments: boolean };
    traceId: string;
  };
  expect(json.verdict.inDocuments).toBe(true);
  expect(json.sources[0]).toMatchObject({ number: 1, read: true, path: 'Papers/fr/bail.md' });
  expect(json.traceId).toMatch(/^[0-9a-f]{32}$/);
});

test('an agent waits for a yes that is given from another terminal', async () => {
  await fetch(`${server.url}/atelier/v1/tools/write_file`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ approval: 'always' }),
  });
  const task = [
    'Write a note.',
    '#tool write_file {"path":"note.md","content":"Milk"}',
    '#step',
    '#text The note is written.',
  ].join('\n');
  const running = startCli(['agents', 'run', 'assistant', task, ...model], { dataDir, env });
  await expect
    .poll(() => /atelier agents approve (\S+) yes/.exec(running.result.stderr)?.[1], { timeout: 20_000 })
    .toBeTruthy();
  const id = /atelier agents approve (\S+) yes/.exec(running.result.stderr)![1]!;
  expect((await cli('agents', 'approvals')).stdout).toContain(id);
  expect((await cli('agents', 'approve', id, 'yes')).stdout).toBe('write_file: yes.\n');
  const { code, stdout, stderr } = await running.ended;
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('The note is written.');
  expect(stderr).toContain('wrote note.md');
  const twice = await cli('agents', 'approve', id, 'no');
  expect(twice.code).toBe(1);
});

test('apps: the gallery, one run, and the rows of a file', async () => {
  expect((await cli('apps')).stdout).toMatch(/^sentiment +builtin/m);
  const one = await cli('apps', 'sentiment', ...model, 'What a lovely day', '--json');
  expect(one.code, one.stderr).toBe(0);
  expect(JSON.parse(one.stdout)).toMatchObject({
    output: { label: expect.any(String) },
    receipt: { calls: 1 },
  });
  const csv = join(folder, 'rows.csv');
  const out = join(folder, 'out.csv');
  writeFileSync(csv, 'id,comment\n1,Lovely\n2,"Dull, and long"\n');
  const batch = await cli('apps', 'sentiment', '--csv', csv, '--map', 'text=comment', '--out', out, ...model);
  expect(batch.code, batch.stderr).toBe(0);
  const lines = readFileSync(out, 'utf8').trim().split(/\r?\n/);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^id,comment,/);
  expect(lines[2]).toContain('"Dull, and long"');
});

test('without a server the same commands open the data folder themselves', async () => {
  const alone = join(folder, 'alone');
  const run = (...args: string[]) => runCli(args, { dataDir: alone, env });
  expect((await run('knowledge', 'add', join(papers, 'printer.txt'), '-c', 'Notes')).stdout).toMatch(
    /^Notes: 1 documents, 1 passages\.$/m,
  );
  expect((await run('knowledge', 'search', 'Notes', 'printer')).stdout).toContain('second floor');
  expect((await run('agents', 'run', 'assistant', '#text Done.', ...model)).stdout).toContain('Done.');
});
