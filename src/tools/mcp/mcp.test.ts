// MCP servers as people configure them: real ones, over stdio and HTTP, in both protocol eras.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, test } from 'vitest';
import { cancelledCalls, createTestMcpServer } from '../../../test/mcp-server.ts';
import { localIdentity } from '../../contracts/identity.ts';
import { type McpServer, mcpServerSchema } from '../../contracts/mcp.ts';
import type { ToolContext, ToolEvent } from '../../contracts/tool.ts';
import { silentLog } from '../../lib/log.ts';
import { needsApproval } from '../approval.ts';
import { createToolRegistry } from '../tool-registry.ts';
import { resultText, toToolResult } from '../tool-result.ts';
import { createMcpSource, type McpSource } from './create-mcp-source.ts';
import { mcpToolName } from './mcp-tool.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const child = join(import.meta.dirname, '../../../test/children/mcp-stdio.ts');
const stdio = (mode: string, more: object = {}) =>
  mcpServerSchema.parse({
    id: 'test',
    title: 'Test',
    transport: { kind: 'stdio', command: process.execPath, args: [child, mode] },
    ...more,
  });

let tools: string[] = [];
async function http(legacy: 'stateless' | 'reject' = 'stateless') {
  const handler = createMcpHandler(({ era }) => createTestMcpServer({ more: () => tools }, era), { legacy });
  const seen: string[] = [];
  const listener = getRequestListener((request) => handler.fetch(request));
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method} ${request.headers['x-key'] ?? ''}`);
    void listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    await handler.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  closing.push(stop);
  const config = (more: object = {}, transport: object = {}) =>
    mcpServerSchema.parse({
      id: 'test',
      title: 'Test',
      transport: {
        kind: 'http',
        url: `http://127.0.0.1:${port}/mcp`,
        headers: { 'x-key': 'k1' },
        allowLocal: true,
        ...transport,
      },
      ...more,
    });
  return { handler, seen, config, port, stop };
}

async function connected(...servers: McpServer[]): Promise<McpSource> {
  const source = createMcpSource({
    version: '0.0.0',
    log: silentLog,
    defaultCwd: tmpdir(),
    guard: { env: {} },
    connectTimeoutMs: 8_000,
    retryMs: [50, 200],
  });
  closing.push(() => source.close());
  await source.setServers(servers);
  return source;
}

const events: ToolEvent[] = [];
const context = (signal = new AbortController().signal): ToolContext => ({
  signal,
  identity: localIdentity,
  workspace: null,
  runId: null,
  toolCallId: 'call_1',
  conversationId: null,
  trace: null,
  log: silentLog,
  emit: (event) => events.push(event),
});
const toolOf = (source: McpSource, name: string) =>
  source.tools().find(({ tool }) => tool.name === `test__${name}`)!.tool;
const call = async (source: McpSource, name: string, input: object = {}, signal?: AbortSignal) =>
  toToolResult(await toolOf(source, name).execute(input, context(signal)));
const names = (source: McpSource) => source.tools().map(({ tool }) => tool.name);

const ways = {
  'stdio, both eras spoken, the newer chosen': { open: async () => stdio('both'), era: '2026-07-28' },
  'stdio, a server of the older era only': { open: async () => stdio('legacy'), era: '2025-11-25' },
  'stdio, the older era asked for': { open: async () => stdio('both', { era: 'legacy' }), era: '2025-11-25' },
  'HTTP, the newer era': { open: async () => (await http()).config(), era: '2026-07-28' },
  'HTTP, the newer era pinned': {
    open: async () => (await http('reject')).config({ era: 'modern' }),
    era: '2026-07-28',
  },
  'HTTP, the older era': { open: async () => (await http()).config({ era: 'legacy' }), era: '2025-11-25' },
};

describe.each(Object.entries(ways))('%s', (_way, { open, era }) => {
  test('tools are listed and called; results, errors, progress and a cancel come through', async () => {
    const source = await connected(await open());
    expect(source.statuses()).toMatchObject([
      {
        id: 'test',
        state: 'connected',
        protocolVersion: era,
        serverName: 'test-server',
        serverVersion: '1.2.3',
        error: null,
      },
    ]);
    expect(names(source)).toContain('test__echo');
    expect(await call(source, 'echo', { words: 'Été' })).toMatchObject({
      content: [{ type: 'text', text: 'Été' }],
      isError: false,
    });
    expect((await call(source, 'sum', { a: 1, b: 2 })).data).toEqual({ sum: 3 });
    expect(await call(source, 'fail')).toMatchObject({ isError: true, content: [{ text: 'no ink left' }] });
    expect((await call(source, 'kinds')).content).toEqual([
      { type: 'text', text: 'words' },
      { type: 'file', mediaType: 'image/png', data: expect.stringMatching(/^iVBOR/), filename: null },
      { type: 'text', text: 'file:///notes.txt:\na note' },
      { type: 'file', mediaType: 'application/x-bin', data: 'AAEC', filename: 'data.bin' },
      { type: 'text', text: '[doc](https://example.com/doc): a document' },
    ]);

    events.length = 0;
    const stop = new AbortController();
    const slow = call(source, 'slow', {}, stop.signal);
    await expect.poll(() => events.length, { timeout: 5_000 }).toBe(3);
    expect(events[2]).toEqual({ type: 'tool-progress', done: 3, total: 3, message: 'step 3' });
    stop.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
    expect(resultText(await call(source, 'echo', { words: 'still here' }))).toBe('still here');
  });
});

test.each([
  ['stdio, newer', async () => stdio('both')],
  ['stdio, older', async () => stdio('legacy')],
  ['HTTP, newer', async () => (await http()).config()],
] as const)('a question to the person is declined, and the result says so: %s', async (_way, open) => {
  const result = await call(await connected(await open()), 'ask');
  expect(resultText(result)).toBe('the person said decline');
  expect(result.notes).toEqual([
    'Test asked the person: "Which colour?". Atelier cannot ask that yet and declined.',
  ]);
});

test('a cancel reaches the server', async () => {
  const { config } = await http();
  const source = await connected(config());
  const before = cancelledCalls.count;
  const stop = new AbortController();
  events.length = 0;
  const slow = call(source, 'slow', {}, stop.signal);
  slow.catch(() => {});
  await expect.poll(() => events.length, { timeout: 5_000 }).toBe(3);
  stop.abort();
  await expect.poll(() => cancelledCalls.count, { timeout: 5_000 }).toBe(before + 1);
});

test('a tool that comes later is there: told over stdio in both eras, and over HTTP', async () => {
  for (const mode of ['both', 'legacy']) {
    const source = await connected(stdio(mode));
    await call(source, 'grow');
    await expect.poll(() => names(source), { timeout: 5_000 }).toContain('test__grown');
  }
  tools = [];
  const { handler, config } = await http();
  const source = await connected(config());
  let changes = 0;
  source.onChange(() => changes++);
  tools = ['later'];
  handler.notify.toolsChanged();
  await expect.poll(() => names(source), { timeout: 5_000 }).toContain('test__later');
  expect(changes).toBe(1);
  tools = [];
});

test('a child gets little of our environment, what its row adds, and the folder it is given', async () => {
  process.env.ATELIER_TEST_SECRET = 'x';
  const server = stdio('both');
  const source = await connected({
    ...server,
    transport: { ...server.transport, env: { TOKEN: 't' } } as McpServer['transport'],
  });
  const seen = resultText(await call(source, 'env')).split(' ');
  expect(seen).toContain('TOKEN');
  expect(seen).not.toContain('ATELIER_TEST_SECRET');
  expect(
    seen.filter((name) => !['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'TOKEN'].includes(name)),
  ).toEqual([]);
  expect(resultText(await call(source, 'cwd'))).toBe(tmpdir());
  delete process.env.ATELIER_TEST_SECRET;
});

test('a child that dies during a call: the call may have had its effect, and the next one finds a new child', async () => {
  const source = await connected(stdio('both'));
  await expect(call(source, 'die')).rejects.toThrow('may have had its effect');
  expect(resultText(await call(source, 'echo', { words: 'back' }))).toBe('back');
  await expect(call(source, 'die')).rejects.toMatchObject({ code: 'tool_failed' });
  await expect.poll(() => source.statuses()[0]?.state, { timeout: 5_000 }).toBe('connected');
});

test('a server that goes away and comes back is found again', async () => {
  const { config, port, stop } = await http();
  const source = await connected(config());
  await stop();
  await expect.poll(() => source.statuses()[0]?.state, { timeout: 5_000 }).toBe('waiting');
  expect(names(source)).toContain('test__echo');
  await expect(call(source, 'echo', { words: 'x' })).rejects.toMatchObject({ code: 'fetch_failed' });
  const handler = createMcpHandler(({ era }) => createTestMcpServer({}, era));
  const again = createServer(getRequestListener((request) => handler.fetch(request)));
  await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve));
  closing.push(() => {
    again.closeAllConnections();
    again.close();
  });
  await expect.poll(() => source.statuses()[0]?.state, { timeout: 5_000 }).toBe('connected');
  expect(resultText(await call(source, 'echo', { words: 'back' }))).toBe('back');
});

test('headers of the row are sent; a local address needs the person’s word', async () => {
  const { config, seen } = await http();
  await connected(config());
  expect(new Set(seen)).toEqual(new Set(['POST k1']));
  const refused = await connected(config({}, { allowLocal: false }));
  expect(refused.statuses()).toMatchObject([{ state: 'failed', error: { code: 'address_refused' } }]);
  expect(refused.faults()).toMatchObject([
    { source: 'mcp', origin: 'test', error: { code: 'address_refused' } },
  ]);
});

test('a redirect to elsewhere is not followed with the key', async () => {
  const far = await http();
  const near = createServer(
    (_request, response) =>
      void response.writeHead(307, { location: `http://127.0.0.1:${far.port}/mcp` }).end(),
  );
  await new Promise<void>((resolve) => near.listen(0, '127.0.0.1', resolve));
  closing.push(() => void near.close());
  const source = await connected(
    far.config({}, { url: `http://127.0.0.1:${(near.address() as AddressInfo).port}/mcp` }),
  );
  expect(source.statuses()[0]?.state).not.toBe('connected');
  expect(far.seen).toEqual([]);
  near.closeAllConnections();
});

test('a server that cannot start says why: no such program, or its own last words', async () => {
  const missing = await connected({
    ...stdio('both'),
    transport: { kind: 'stdio', command: '/no/such/program', args: [], env: {}, cwd: null },
  });
  expect(missing.statuses()).toMatchObject([{ state: 'failed', error: { code: 'not_found' } }]);
  const broken = await connected(stdio('broken', { era: 'legacy' }));
  expect(broken.statuses()[0]?.error?.message).toContain('the configuration is missing');
});

test('rows come and go: an unchanged one keeps its connection, an absent one is closed', async () => {
  const source = await connected(stdio('both'));
  const before = toolOf(source, 'echo');
  await source.setServers([stdio('both')]);
  expect(toolOf(source, 'echo')).toBe(before);
  await source.setServers([stdio('both', { enabled: false })]);
  expect(source.tools()).toEqual([]);
  await expect((async () => before.execute({ words: 'x' }, context()))()).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('its tools are dangerous until the person says otherwise, and join the others under their own names', async () => {
  const { config } = await http();
  const source = await connected(config());
  const registry = createToolRegistry({ log: silentLog, builtin: [] });
  registry.add(source);
  expect(registry.list().find(({ name }) => name === 'test__echo')).toMatchObject({
    title: 'Echo',
    source: 'mcp',
    origin: 'test',
    effect: 'danger',
    approval: 'always',
    inputSchema: { type: 'object', required: ['words'] },
  });
  const ask = async (name: string, rule?: string) =>
    (await needsApproval(registry.get(name), { words: 'x' }, context(), rule)).needed;
  expect(await ask('test__echo')).toBe(true);
  expect(await ask('test__echo', 'unless-read-only')).toBe(false);
  expect(await ask('test__fail', 'unless-read-only')).toBe(true);
  expect(mcpToolName('my-server', 'do it/now.é')).toBe('my-server__do_it_now__');
});
