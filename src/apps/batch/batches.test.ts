// An app over a file: what is refused at the start, the rows one by one, a pause, a stop in the middle, and the result.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openApps, type TestApps } from '../../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { localIdentity } from '../../contracts/identity.ts';
import type { AppDefinition } from '../apps.ts';
import { defineApp } from '../define-app.ts';
import { guardFormula } from './csv-cells.ts';

let opened: TestStore;
let on: TestApps;
/** Every text that the app has seen, over all reopenings. */
let seen: string[] = [];
let holdAt: string | null = null;
let failWith: AtelierError | null = null;

const shout = {
  ...defineApp({
    name: 'shout',
    title: { en: 'Shout', fr: 'Cri' },
    description: { en: 'A test', fr: 'Un essai' },
    icon: 'megaphone',
    input: z.object({
      text: z.string().min(1),
      times: z.number().int().default(1),
      loud: z.boolean().default(false),
      words: z.array(z.string()).default([]),
    }),
    output: z.object({ text: z.string(), size: z.number(), loud: z.boolean(), words: z.array(z.string()) }),
    streams: false,
    batch: true,
    example: { en: { text: 'a' }, fr: { text: 'b' } },
    async work({ text, times, loud, words }, { signal }) {
      seen.push(text);
      if (text === holdAt)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if (failWith !== null && text === 'fail') throw failWith;
      if (text === 'bad') throw new AtelierError('tool_failed', '=this row cannot be done');
      return { text: text.toUpperCase().repeat(times), size: text.length, loud, words };
    },
  }),
  origin: 'shout.ts',
};
/** Its keys are whatever a model wrote. */
const keys: AppDefinition = {
  ...defineApp({
    name: 'keys',
    title: { en: 'Keys', fr: 'Clés' },
    description: { en: 'A test', fr: 'Un essai' },
    icon: 'key',
    input: z.object({ text: z.string() }),
    output: z.record(z.string(), z.string()),
    streams: false,
    batch: true,
    example: { en: { text: 'a' }, fr: { text: 'b' } },
    work: async ({ text }) => ({ [text]: text }),
  }),
  origin: 'keys.ts',
} as AppDefinition;
const source = { definitions: () => [shout, keys], faults: () => [], onChange: () => () => {} };
const open = async () => {
  on = openApps(opened.store, { sources: [source] });
  await on.jobs.start();
};
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());
beforeEach(async () => {
  seen = [];
  holdAt = null;
  failWith = null;
  await open();
});
afterEach(() => on.close());

const start = (
  csv: string | Uint8Array,
  more: Partial<Parameters<TestApps['apps']['startBatch']>[2]> = {},
  app = 'shout',
) =>
  on.apps.startBatch(localIdentity, app, {
    fileName: 'rows.csv',
    bytes: typeof csv === 'string' ? new TextEncoder().encode(csv) : csv,
    columns: { text: 'body' },
    fixed: {},
    model: 'scripted/script',
    ...more,
  });
async function csvOf(id: string): Promise<string> {
  let text = '';
  for await (const piece of on.apps.batchCsv(localIdentity, id)) text += piece;
  return text;
}
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a file', () => {
  test.each<[string, string | Uint8Array, Parameters<typeof start>[1], RegExp]>([
    ['without bytes', '', {}, /it is empty/],
    ['of bytes that are no text', new Uint8Array([0, 1, 2, 0, 0, 3]), {}, /no text|no row/],
    ['with only a header', 'body\n', {}, /no row below/],
    ['with a column twice', 'body,body\na,b\n', {}, /"body" is there twice/],
    ['without the column', 'title\na\n', {}, /no column "body".*title/],
    [
      'for a field that the app lacks',
      'body\na\n',
      { columns: { colour: 'body' } },
      /no field colour.*times/,
    ],
    ['for no field at all', 'body\na\n', { columns: {} }, /no field of the app/],
    ['for a fixed value that does not fit', 'body\na\n', { fixed: { times: 'often' } }, /times: /],
    [
      'for a field with a column and a value',
      'body\na\n',
      { fixed: { text: 'b' } },
      /column and a fixed value/,
    ],
  ])('%s is refused at once', async (_, csv, more, message) => {
    await expect(start(csv, more)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message),
    });
    expect(await on.apps.batches(localIdentity, 'shout')).toHaveLength(0);
  });

  test('of an app that does not exist, or for a model that does not, is refused', async () => {
    await expect(start('body\na\n', {}, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      start('text\na\n', { model: 'no/model', columns: { text: 'text' } }, 'sentiment'),
    ).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });
});

describe('a batch', () => {
  test('runs over every row, keeps the order, and says which failed', async () => {
    const file = 'body;n;loud;note\nun;2;oui;"a;b"\nbad;;;\n"deux ""lignes""\nici";1,0;no;\n\n';
    const { batch, task } = await start(file, {
      columns: { text: 'body', times: 'n', loud: 'loud' },
      fixed: { words: ['x'] },
    });
    expect(batch).toMatchObject({ app: 'shout', rows: 3, done: 0, fileName: 'rows.csv', taskId: task.id });
    const ended = await on.jobs.wait(task.id);
    expect(ended).toMatchObject({ status: 'complete', result: { rows: 3, failed: 1 }, title: 'rows.csv' });
    expect(ended.progress).toMatchObject({ done: 3, total: 3, unit: 'items' });
    expect(await on.apps.batch(localIdentity, batch.id)).toMatchObject({ done: 3, failed: 1 });
    expect(await on.apps.batches(localIdentity, 'shout')).toMatchObject([{ id: batch.id, failed: 1 }]);
    expect(await csvOf(batch.id)).toBe(
      'body;n;loud;note;text;size;output_loud;words;error\r\n' +
        'un;2;oui;"a;b";UNUN;2;true;"[""x""]";\r\n' +
        'bad;;;;;;;;tool_failed: =this row cannot be done\r\n' +
        '"deux ""lignes""\nici";1,0;no;;"DEUX ""LIGNES""\nICI";17;false;"[""x""]";\r\n',
    );
  });

  test('does no row twice over a pause and a stop of the program', async () => {
    const words = Array.from({ length: 12 }, (_, index) => `w${index}`);
    holdAt = 'w4';
    const { batch, task } = await start(`body\n${words.join('\n')}\n`);
    await until(() => seen.includes('w4'));
    expect(await csvOf(batch.id)).toContain('w3,W3,2,false,[],\r\nw4,,,,,\r\n');
    await on.jobs.pause(task.id);
    holdAt = 'w8';
    await on.jobs.resume(task.id);
    await until(() => seen.includes('w8'));
    await on.close();
    holdAt = null;
    await open();
    expect(await on.jobs.wait(task.id)).toMatchObject({
      status: 'complete',
      result: { rows: 12, failed: 0 },
    });
    // Only the rows that were cut off in the middle were begun again.
    expect(seen).toEqual([
      'w0',
      'w1',
      'w2',
      'w3',
      'w4',
      'w4',
      'w5',
      'w6',
      'w7',
      'w8',
      'w8',
      'w9',
      'w10',
      'w11',
    ]);
    expect((await csvOf(batch.id)).split('\r\n')).toHaveLength(14);
  });

  test('cancelled, keeps what is done', async () => {
    holdAt = 'w1';
    const { batch, task } = await start('body\nw0\nw1\nw2\n');
    await until(() => seen.includes('w1'));
    expect(await on.jobs.cancel(task.id)).toMatchObject({ status: 'cancelled' });
    expect(await on.apps.batch(localIdentity, batch.id)).toMatchObject({ done: 1, failed: 0 });
    expect(seen).toEqual(['w0', 'w1']);
  });

  test('stops as a whole for what every row would meet, and can be resumed', async () => {
    failWith = new AtelierError('model_not_found', 'It was removed.');
    await on.close();
    on = openApps(opened.store, { sources: [source] });
    const { task, batch } = await (async () => {
      await on.jobs.start();
      return start('body\na\nfail\nb\n');
    })();
    await until(() => seen.filter((text) => text === 'fail').length >= 1);
    await on.jobs.pause(task.id).catch(() => undefined);
    expect(await on.apps.batch(localIdentity, batch.id)).toMatchObject({ done: 1, failed: 0 });
    failWith = null;
    await on.jobs.resume(task.id);
    expect(await on.jobs.wait(task.id)).toMatchObject({ status: 'complete', result: { rows: 3, failed: 0 } });
    expect(seen.filter((text) => text === 'a')).toHaveLength(1);
  });

  test('belongs to its person', async () => {
    const { batch, task } = await start('body\na\n');
    await on.jobs.wait(task.id);
    const other = { userId: 'other', role: 'member' as const };
    await expect(on.apps.batch(other, batch.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await on.apps.batches(other, 'shout')).toEqual([]);
  });

  test('has a column for each key that the rows bring', async () => {
    const { batch, task } = await start(
      'q\nHello there\n=1\n',
      { columns: { text: 'q' }, fixed: { labels: [{ label: 'a' }, { label: 'b' }] } },
      'sentiment',
    );
    await on.jobs.wait(task.id);
    const [header, first, second] = (await csvOf(batch.id)).split('\r\n');
    expect(header).toBe('q,label,probability,probabilities.a,probabilities.b,method,error');
    expect(first).toMatch(/^Hello there,[ab],0\.\d+,0\.\d+,0\.\d+,logprobs,$/);
    expect(second).toMatch(/^=1,/);
  });

  test('no column that a row brings begins a formula', async () => {
    const { batch, task } = await start('text\n"=HYPERLINK(1)"\n', { columns: { text: 'text' } }, 'keys');
    await on.jobs.wait(task.id);
    const [header, row] = (await csvOf(batch.id)).split('\r\n');
    expect(header).toBe("text,'=HYPERLINK(1),error");
    expect(row).toBe("=HYPERLINK(1),'=HYPERLINK(1),");
  });

  test('keeps the letters of a file in an older encoding, and marks the result for spreadsheets', async () => {
    const latin = Buffer.from('body\nété à la mer\n', 'latin1');
    const { batch, task } = await start(new Uint8Array(latin));
    await on.jobs.wait(task.id);
    const csv = await csvOf(batch.id);
    expect(csv.startsWith('\ufeffbody,')).toBe(true);
    expect(csv).toContain('ÉTÉ À LA MER');
  });
});

test.each([
  ['=1+1', "'=1+1"],
  ['+33 6', "'+33 6"],
  ['-cmd', "'-cmd"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =x', "' =x"],
  ['-5', '-5'],
  ['+3,20', '+3,20'],
  ['-1 234,5 €', '-1 234,5 €'],
  ['1e-9', '1e-9'],
  ['a=b', 'a=b'],
])('a cell %s of a model becomes %s', (cell, guarded) => {
  expect(guardFormula(cell)).toBe(guarded);
});
