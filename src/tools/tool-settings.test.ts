// What a person sets for tools and MCP servers: kept, applied, and without secrets in what pages see.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import type { McpServer } from '../contracts/mcp.ts';
import { silentLog } from '../lib/log.ts';
import { createSealer } from '../store/secrets.ts';
import { createMcpServers } from './mcp-servers.ts';
import { createToolSettings } from './tool-settings.ts';

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

test('a setting outlives the process, and what is not named stays', async () => {
  const settings = await createToolSettings({ store: opened.store, log: silentLog });
  let told = 0;
  settings.onChange(() => told++);
  await settings.set('write_file', { approval: 'replaces-file' });
  await settings.set('write_file', { enabled: false });
  expect(told).toBe(2);
  const again = await createToolSettings({ store: await opened.reopen(), log: silentLog });
  expect(again.of('write_file')).toEqual({ name: 'write_file', enabled: false, approval: 'replaces-file' });
  expect([again.isEnabled('write_file'), again.isEnabled('calculator')]).toEqual([false, true]);
  expect([again.approvalRule('write_file'), again.approvalRule('calculator')]).toEqual([
    'replaces-file',
    undefined,
  ]);
  await again.set('write_file', { approval: null });
  expect(again.approvalRule('write_file')).toBeUndefined();
});

const server = (url: string, headers: Record<string, string>): McpServer => ({
  id: 'maps',
  title: 'Maps',
  transport: { kind: 'http', url, headers, allowLocal: false },
  enabled: true,
  era: 'auto',
  approval: 'always',
  timeoutMs: 1000,
});

test('an MCP server is sealed, shown without its secrets, and keeps them where they were meant for', async () => {
  const set: McpServer[][] = [];
  const source = {
    setServers: async (servers: readonly McpServer[]) => void set.push([...servers]),
    statuses: () => [],
    reconnect: async () => undefined,
  };
  const sealer = createSealer({ dataDir: opened.dataDir });
  const servers = createMcpServers({ store: opened.store, sealer, source, log: silentLog });
  const shown = await servers.put(server('https://maps.example/mcp', { authorization: 'Bearer s3cret' }));
  expect(shown.server.transport).toMatchObject({ headers: { authorization: '' } });
  expect(shown.status.state).toBe('off');
  const rows = await opened.store.db.selectFrom('mcp_servers').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain('s3cret');
  expect(JSON.stringify(await servers.list())).not.toContain('s3cret');

  await servers.put(server('https://maps.example/other', { authorization: '' }));
  expect(set.at(-1)?.[0]?.transport).toMatchObject({ headers: { authorization: 'Bearer s3cret' } });
  await servers.put(server('https://elsewhere.example/mcp', { authorization: '' }));
  expect(set.at(-1)?.[0]?.transport).toMatchObject({ headers: { authorization: '' } });

  await expect(servers.put({ ...server('no address', {}), id: 'X Y' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  await servers.remove('maps');
  expect([set.at(-1), await servers.list()]).toEqual([[], []]);
  await expect(servers.remove('maps')).rejects.toMatchObject({ code: 'not_found' });
});
