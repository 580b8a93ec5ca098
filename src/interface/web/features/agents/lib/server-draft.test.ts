import { expect, test } from 'vitest';
import { draftOfServer, emptyServer, serverOf } from './server-draft.ts';

test('a form comes to a server and back', () => {
  const draft = {
    ...emptyServer,
    id: 'files',
    title: ' Files ',
    command: 'npx',
    args: '-y\nserver files\n',
    env: [
      { name: 'TOKEN', value: 'x', stored: false },
      { name: ' ', value: 'y', stored: false },
    ],
    seconds: '2,5',
  };
  const read = serverOf(draft);
  expect(read).toMatchObject({
    ok: true,
    server: {
      title: 'Files',
      timeoutMs: 2500,
      transport: { kind: 'stdio', args: ['-y', 'server files'], env: { TOKEN: 'x' }, cwd: null },
    },
  });
  if (read.ok)
    expect(draftOfServer(read.server)).toMatchObject({
      args: '-y\nserver files',
      seconds: '2.5',
      env: [{ name: 'TOKEN', stored: true }],
    });
});

test('what is missing is named', () => {
  expect(serverOf(emptyServer)).toEqual({ ok: false, faults: ['title', 'id', 'command'] });
  expect(serverOf({ ...emptyServer, kind: 'http', url: 'ftp://x', seconds: 'x' })).toEqual({
    ok: false,
    faults: ['title', 'id', 'url', 'seconds'],
  });
});
