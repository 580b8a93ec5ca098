// What every store does, in one text: run on SQLite and on PostgreSQL.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import { migrations } from '../../src/store/migrations/migrations.ts';
import type { OpenStoreOptions } from '../../src/store/open-store.ts';
import { createSettings } from '../../src/store/settings.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestStore } from '../open-test-store.ts';

const error = (code: ErrorCode, message = /./) =>
  expect.objectContaining({ name: 'AtelierError', code, message: expect.stringMatching(message) });

export function storeSuite(
  name: string,
  open: (options?: Partial<OpenStoreOptions>) => Promise<TestStore>,
): void {
  describe(`the store on ${name}`, () => {
    let opened: TestStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.dispose());

    const put = (key: string, value = '1') => store.db.insertInto('settings').values({ key, value });
    const keys = async () =>
      (await store.db.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key);

    describe('batches', () => {
      test('what was written is read at once, with its results in order', async () => {
        const results = await store.write([
          put('a'),
          store.db
            .updateTable('settings')
            .set({ value: '2' })
            .where('key', '=', 'a')
            .returning(['key', 'value']),
          store.db.deleteFrom('settings').where('key', '=', 'nothing'),
        ]);
        expect(results.map(({ affected }) => affected)).toEqual([1, 1, 0]);
        expect(results[1]?.rows).toEqual([{ key: 'a', value: '2' }]);
        expect(await keys()).toEqual(['a']);
      });

      test('a batch is all or none, and its failure hurts no other batch that came with it', async () => {
        await store.write([put('taken')]);
        const outcomes = await Promise.allSettled([
          store.write([put('a')]),
          store.write([put('b'), put('taken'), put('c')]),
          store.write([put('d')]),
          store.write(
            [sql`insert into no_such_table values (1)`].map((raw) => ({
              compile: () => raw.compile(store.db),
            })),
          ),
          store.write([put('e')]),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual([
          'fulfilled',
          'rejected',
          'fulfilled',
          'rejected',
          'fulfilled',
        ]);
        expect(outcomes[1]).toMatchObject({ reason: error('conflict') });
        expect(outcomes[3]).toMatchObject({ reason: error('internal') });
        expect(await keys()).toEqual(['a', 'd', 'e', 'taken']);
      });

      test('batches take effect in the order of the calls', async () => {
        await store.write([put('n', '0')]);
        const set = (value: number) =>
          store.write([
            store.db
              .updateTable('settings')
              .set({ value: String(value) })
              .where('key', '=', 'n'),
          ]);
        await Promise.all(Array.from({ length: 200 }, (_, index) => set(index + 1)));
        expect(await store.db.selectFrom('settings').selectAll().execute()).toEqual([
          { key: 'n', value: '200' },
        ]);
      });

      test('a row that belongs to none is refused, and goes with the one that it belongs to', async () => {
        await expect(store.write([message('m1', 'nowhere')])).rejects.toEqual(error('conflict'));
        await store.write([conversation('c1'), message('m1', 'c1')]);
        await store.db.deleteFrom('conversations').where('id', '=', 'c1').execute();
        expect(await store.db.selectFrom('messages').selectAll().execute()).toEqual([]);
      });

      test('an empty batch is nothing to do', async () => {
        expect(await store.write([])).toEqual([]);
      });

      test('there is no interactive transaction, and the sentence says what to use', async () => {
        await expect(store.db.transaction().execute(async () => {})).rejects.toThrow(/store\.write/);
      });
    });

    describe('values', () => {
      const number = async (value: unknown) => {
        await store.db.deleteFrom('schedules').execute();
        await store.db
          .insertInto('schedules')
          .values({ name: 'n', kind: 'k', payload: '{}', every_ms: 1, next_at: value as number })
          .execute();
        const row = await store.db.selectFrom('schedules').select('next_at').executeTakeFirstOrThrow();
        return row.next_at as unknown;
      };

      test('integers come back as numbers, and beyond 2^53 exactly', async () => {
        expect(await number(7)).toBe(7);
        expect(await number(2 ** 53 - 1)).toBe(2 ** 53 - 1);
        expect(await number(-1)).toBe(-1);
        expect(await number(2n ** 60n)).toBe(2n ** 60n);
      });

      test('a Date is kept as epoch milliseconds, also as the first value', async () => {
        const at = new Date('2026-01-02T03:04:05.678Z');
        expect(await number(at)).toBe(at.getTime());
        await sql`update schedules set next_at = ${new Date(5)} where name = 'n'`.execute(store.db);
        expect(await store.db.selectFrom('schedules').select('next_at').execute()).toEqual([{ next_at: 5 }]);
      });

      test('what no column can hold is refused with a sentence', async () => {
        await expect(number(Number.NaN)).rejects.toEqual(error('internal', /NaN/));
        await expect(number({ at: 1 })).rejects.toEqual(error('internal', /an object/));
        await expect(number(2n ** 64n)).rejects.toEqual(error('internal', /bigint/));
      });

      test('sums, counts, averages and comparisons are numbers', async () => {
        await store.write([
          ...[1, 2, 4].map((value) =>
            store.db
              .insertInto('schedules')
              .values({ name: `s${value}`, kind: 'k', payload: '{}', every_ms: value, next_at: 2 ** 40 }),
          ),
        ]);
        const row = await store.db
          .selectFrom('schedules')
          .select(({ fn }) => [
            fn.sum('next_at').as('sum'),
            fn.countAll().as('count'),
            fn.max('every_ms').as('max'),
            sql`avg(every_ms * 1.0) > 2`.as('above'),
          ])
          .executeTakeFirstOrThrow();
        expect(row).toEqual({ sum: 3 * 2 ** 40, count: 3, max: 4, above: 1 });
      });

      test('text keeps every script, and a whole number stays as it was written', async () => {
        const value = 'Élève 7 \u{1f600} 日本語 "quoted" \\ \n\u2028';
        await store.write([put('text', value), put('seven', 7 as unknown as string)]);
        const rows = await store.db.selectFrom('settings').selectAll().orderBy('key').execute();
        expect(rows).toEqual([
          { key: 'seven', value: '7' },
          { key: 'text', value },
        ]);
      });

      test('broken Unicode and U+0000 do not break a batch', async () => {
        await store.write([put('odd', 'a\u0000b\ud800c')]);
        expect(await store.db.selectFrom('settings').select('value').execute()).toEqual([
          { value: 'a\ufffdb\ufffdc' },
        ]);
      });

      test('a megabyte of text comes back whole', async () => {
        const value = 'é'.repeat(500_000);
        await store.write([put('big', value)]);
        const row = await store.db.selectFrom('settings').select('value').executeTakeFirstOrThrow();
        expect(row.value === value).toBe(true);
      });
    });

    describe('versions', () => {
      test('the local user is there, and a second start changes nothing', async () => {
        await store.write([put('kept')]);
        store = await opened.reopen();
        expect(await keys()).toEqual(['kept']);
        expect(await store.db.selectFrom('users').select('id').execute()).toEqual([{ id: 'local' }]);
        expect(await store.db.selectFrom('migrations').select(['number', 'name']).execute()).toEqual(
          migrations.map(({ number, name: label }) => ({ number, name: label })),
        );
      });

      test('a newer program adds its tables, and an older one then refuses with both numbers', async () => {
        const known = migrations.length;
        const newer = [
          ...migrations,
          {
            number: known + 1,
            name: 'next',
            statements: () => ['create table next_table (id text primary key)'],
          },
        ];
        store = await opened.reopen({ migrations: newer });
        await sql`insert into next_table values ('x')`.execute(store.db);
        await store.close();
        await expect(opened.reopen()).rejects.toEqual(
          error('store_newer', new RegExp(`version ${known + 1} .* up to ${known}:`)),
        );
        store = await opened.reopen({ migrations: newer });
      });

      test('a migration that fails leaves nothing of itself', async () => {
        const broken = [
          ...migrations,
          {
            number: migrations.length + 1,
            name: 'broken',
            statements: () => ['create table half_done (id text)', 'create table half_done (id text)'],
          },
        ];
        await expect(opened.reopen({ migrations: broken })).rejects.toEqual(error('internal', /half_done/));
        store = await opened.reopen();
        await sql`create table half_done (id text)`.execute(store.db);
      });
    });

    describe('full text', () => {
      const index = async (id: string, text: string, scope = 'u1', collection = 'chats') => {
        await store.write(store.text.put(collection, id, scope, text));
      };
      const find = (query: string, scope = 'u1', limit = 10) =>
        store.text.search('chats', scope, query, limit);

      test('folds case, accents and ligatures, and takes the last word as a beginning', async () => {
        await index('a', 'L’Élève étudie son ŒUVRE à Besançon');
        for (const query of ['eleve', 'ÉLÈVE', 'oeuvre', 'œuv', 'besancon', 'étudie ele', 'oeuvre BESANÇ'])
          expect(await find(query), query).toEqual(['a']);
        expect(await find('elev etudie'), 'only the last word may be a beginning').toEqual([]);
        expect(await find('oeuvre absent'), 'every word must be there').toEqual([]);
      });

      test('keeps to the collection and the scope', async () => {
        await index('mine', 'secret plan', 'u1');
        await index('theirs', 'secret plan', 'u2');
        await index('note', 'secret plan', 'u1', 'notes');
        expect(await find('secret')).toEqual(['mine']);
        expect(await find('secret', 'u2')).toEqual(['theirs']);
      });

      test('a document is replaced, moved and removed', async () => {
        await index('a', 'first words');
        await index('a', 'second thoughts');
        expect(await find('first')).toEqual([]);
        expect(await find('second')).toEqual(['a']);
        await index('a', 'second thoughts', 'u2');
        expect(await find('second')).toEqual([]);
        await store.write(store.text.remove('chats', 'a'));
        expect(await find('second', 'u2')).toEqual([]);
      });

      test('ranks by BM25: rare words and short texts first', async () => {
        const filler = Array.from({ length: 60 }, (_, n) => `filler${n}`).join(' ');
        await index('long', `kestrel ${filler}`);
        await index('short', 'kestrel at noon');
        await index('often', 'kestrel kestrel kestrel at noon');
        for (let n = 0; n < 8; n++) await index(`other${n}`, `noon ${filler}`);
        expect(await find('kestrel')).toEqual(['often', 'short', 'long']);
        expect(await find('kestrel', 'u1', 2)).toEqual(['often', 'short']);
      });

      test('a question is data: no quote, operator, emptiness or emoji breaks it', async () => {
        await index('a', 'rock AND roll 日本語 "quoted" 100% c++ हिन्दी');
        for (const query of [
          '',
          '   ',
          '"',
          "'",
          '"""',
          '*',
          '-',
          '()',
          '\u{1f600}',
          'NEAR(',
          ':',
          '\\',
          '\u0000',
          '\ud800',
        ])
          expect(await find(query), JSON.stringify(query)).toEqual([]);
        for (const query of [
          'rock AND roll',
          'roll* -',
          '"quoted"',
          'quoted OR',
          "rock' & !roll | (",
          '日本',
          '100%',
          'c++',
          'हिन्दी',
          'words:rock',
        ])
          await find(query);
        expect(await find('rock and')).toEqual(['a']);
        expect(await find('"quoted"')).toEqual(['a']);
        expect(await find("rock' & (roll")).toEqual(['a']);
        expect(await find('日本')).toEqual(['a']);
        expect(await find('हिन्दी')).toEqual(['a']);
      });

      test('a megabyte of text, or of one word, can be indexed', async () => {
        const words = Array.from({ length: 130_000 }, (_, n) => `w${n.toString(36)}`).join(' ');
        await index('many', `needle ${words}`);
        await index('one', `needle ${'x'.repeat(1_000_000)}`);
        expect((await find('needle')).sort()).toEqual(['many', 'one']);
      });
    });

    describe('blobs', () => {
      const read = async (sha256: string) => {
        const bytes = await store.blobs.get(sha256);
        if (!bytes) return null;
        const chunks: Uint8Array[] = [];
        for await (const chunk of bytes) chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      };
      const helloSha = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

      test('bytes are kept under their hash, once, and survive a restart', async () => {
        expect(await store.blobs.put(Buffer.from('hello'))).toEqual({ sha256: helloSha, sizeBytes: 5 });
        async function* pieces() {
          for (const letter of 'hello') yield Buffer.from(letter);
        }
        expect(await store.blobs.put(pieces())).toEqual({ sha256: helloSha, sizeBytes: 5 });
        store = await opened.reopen();
        expect(await read(helloSha)).toBe('hello');
        await store.blobs.remove(helloSha);
        expect(await read(helloSha)).toBe(null);
        await store.blobs.remove(helloSha);
      });

      test('several megabytes, none at all, and a source that fails', async () => {
        const large = Buffer.alloc(2_500_000, 'atelier ');
        const { sha256, sizeBytes } = await store.blobs.put(large);
        expect(sizeBytes).toBe(2_500_000);
        expect((await read(sha256)) === large.toString()).toBe(true);
        const empty = await store.blobs.put(new Uint8Array());
        expect(await read(empty.sha256)).toBe('');
        async function* failing() {
          yield Buffer.from('begun');
          throw new Error('the network went away');
        }
        await expect(store.blobs.put(failing())).rejects.toThrow('the network went away');
        expect(await read('../../etc/passwd')).toBe(null);
      });
    });

    describe('settings', () => {
      test('have defaults, are changed by field, told of, and kept', async () => {
        const settings = await createSettings(store);
        const seen: string[] = [];
        settings.onChange(({ theme }) => seen.push(theme));
        await settings.update({ theme: 'dark', retentionDays: null });
        expect(seen).toEqual(['dark']);
        await expect(settings.update({ retentionDays: 0 })).rejects.toEqual(
          error('invalid_request', /retentionDays/),
        );
        store = await opened.reopen();
        expect((await createSettings(store)).get()).toMatchObject({
          theme: 'dark',
          retentionDays: null,
          keepContent: true,
        });
      });
    });

    test('50,000 conversations: the first page of the list reads an index and not the table', async () => {
      for (let start = 0; start < 50_000; start += 2_000) {
        await store.write([
          store.db.insertInto('conversations').values(
            Array.from({ length: 2_000 }, (_, n) => ({
              ...conversationRow(`c${String(start + n).padStart(6, '0')}`),
              updated_at: start + n,
            })),
          ),
        ]);
      }
      const page = () =>
        store.db
          .selectFrom('conversations')
          .selectAll()
          .where('user_id', '=', 'local')
          .where('deleted_at', 'is', null)
          .orderBy('updated_at', 'desc')
          .orderBy('id', 'desc')
          .limit(50);
      await sql`analyze`.execute(store.db);
      const times: number[] = [];
      for (let n = 0; n < 5; n++) {
        const started = performance.now();
        const rows = await page().execute();
        times.push(performance.now() - started);
        expect(rows.map(({ updated_at }) => updated_at)).toEqual(
          Array.from({ length: 50 }, (_, m) => 49_999 - m),
        );
      }
      expect(Math.min(...times), 'milliseconds for the first page').toBeLessThan(50);
      const { sql: text, parameters } = page().compile();
      const explain = {
        ...page().compile(),
        sql: `explain ${store.kind === 'sqlite' ? 'query plan ' : ''}${text}`,
        parameters,
      };
      const [plan] = await store.write([{ compile: () => explain }]);
      const steps = JSON.stringify(plan?.rows);
      expect(steps).toContain('conversations_list');
      expect(steps, 'nothing is sorted').not.toMatch(/temp b-tree|sort/i);
    });

    test('after close nothing is lost of what was under way, and a call is refused', async () => {
      const under = [store.write([put('x')]), store.write([put('y')])];
      await store.close();
      await Promise.all(under);
      await expect(store.write([put('z')])).rejects.toThrow(/closed|not queryable|end/i);
      store = await opened.reopen();
      expect(await keys()).toEqual(['x', 'y']);
    });

    function conversationRow(id: string) {
      return {
        id,
        user_id: 'local',
        title: `Talk ${id}`,
        title_source: 'auto',
        model: 'scripted/echo',
        system: '',
        parameters: '{}',
        head_id: null,
        created_at: 1,
        updated_at: 1,
        deleted_at: null,
      };
    }
    function conversation(id: string) {
      return store.db.insertInto('conversations').values(conversationRow(id));
    }
    function message(id: string, conversationId: string) {
      return store.db.insertInto('messages').values({
        id,
        conversation_id: conversationId,
        parent_id: null,
        role: 'user',
        parts: '[]',
        status: 'complete',
        run_id: null,
        receipt: null,
        error: null,
        created_at: 1,
      });
    }
  });
}
