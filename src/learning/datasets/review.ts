// What a reviewer does with examples: finds them, approves or rejects many at once, rewords them, takes personal data out.
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { sql } from 'kysely';
import type { Example, ExampleBody, ExampleSource, Finding, Split } from '../../contracts/dataset.ts';
import { foldText } from '../../lib/fold-text.ts';
import { pageOf, readCursor } from '../../store/cursor-page.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { bodyColumns } from './add-examples.ts';
import { type DatasetRow, type ExampleRow, sharesOf, toExample } from './dataset-rows.ts';
import type { ExampleFilter } from './datasets.ts';
import { heldQuestions } from './evaluation-twins.ts';
import { hashOf, questionHashOf, splitOf } from './example-body.ts';
import { type FindPersonalData, findIn, withNames } from './personal-data.ts';
import { redactBody } from './redact-body.ts';

const IDS_AT_ONCE = 500;
const ROWS_AT_ONCE = 200;

type Where = (eb: ExpressionBuilder<Database, 'examples'>) => Expression<SqlBool>;

function filterOf({ status, split, query, findings }: ExampleFilter): Where {
  return (eb) => {
    const all: Expression<SqlBool>[] = [];
    if (status !== undefined) all.push(eb('status', '=', status));
    if (split !== undefined) all.push(eb('split', '=', split));
    if (findings !== undefined) all.push(eb('finding_count', findings ? '>' : '=', 0));
    const text = query?.trim() ?? '';
    if (text !== '') {
      const pattern = `%${foldText(text).replace(/[\\%_]/g, '\\$&')}%`;
      all.push(sql<SqlBool>`${eb.ref('words')} like ${pattern} escape '\\'`);
    }
    return eb.and(all);
  };
}

function withoutReader(source: string): string {
  const { namesReadBy: _gone, ...rest } = JSON.parse(source) as ExampleSource;
  return JSON.stringify(rest);
}

export function createReview({
  store,
  find,
  now,
}: {
  store: Store;
  find: FindPersonalData;
  now: () => number;
}) {
  const { db } = store;
  const touch = (id: string) => db.updateTable('datasets').set({ updated_at: now() }).where('id', '=', id);

  async function named(dataset: DatasetRow, rows: readonly ExampleRow[]): Promise<Example[]> {
    const held = await heldQuestions(
      store,
      dataset,
      rows.map(({ question_hash }) => question_hash),
    );
    return rows.map((row) => toExample(row, held.get(row.question_hash) ?? null));
  }

  async function page(
    dataset: DatasetRow,
    { cursor, limit, ...filter }: ExampleFilter & { cursor?: string; limit: number },
  ): Promise<{ examples: Example[]; nextCursor: string | null }> {
    const { after, take } = readCursor({ cursor, limit });
    const rows = await db
      .selectFrom('examples')
      .selectAll()
      .where('dataset_id', '=', dataset.id)
      .where(filterOf(filter))
      .where((eb) =>
        after === null
          ? eb.and([])
          : eb.and([
              eb('created_at', '>=', after.at),
              eb.or([eb('created_at', '>', after.at), eb('id', '>', after.id)]),
            ]),
      )
      .orderBy('created_at')
      .orderBy('id')
      .limit(take)
      .execute();
    const shown = pageOf(rows, take, ({ created_at, id }) => ({ at: created_at, id }));
    return { examples: await named(dataset, shown.rows), nextCursor: shown.nextCursor };
  }

  async function change(
    dataset: DatasetRow,
    which: { ids: readonly string[] } | { filter: ExampleFilter },
    { status, split }: { status?: Example['status']; split?: Split },
  ): Promise<number> {
    if (status === undefined && split === undefined) return 0;
    const wheres: Where[] = [];
    if ('ids' in which)
      for (let from = 0; from < which.ids.length; from += IDS_AT_ONCE)
        wheres.push((eb) => eb('id', 'in', which.ids.slice(from, from + IDS_AT_ONCE)));
    else wheres.push(filterOf(which.filter));
    if (wheres.length === 0) return 0;
    const at = now();
    const set = {
      ...(status === undefined ? {} : { status }),
      ...(split === undefined ? {} : { split }),
    };
    const chosen = wheres.map((where) =>
      db
        .updateTable('examples')
        .set({ ...set, updated_at: at })
        .where('dataset_id', '=', dataset.id)
        .where((eb) =>
          eb.or([
            ...(status === undefined ? [] : [eb('status', '<>', status)]),
            ...(split === undefined ? [] : [eb('split', '<>', split)]),
          ]),
        )
        .where(where),
    );
    // The same question is on one side only: what shares it with one that was moved is moved along.
    const twins =
      split === undefined
        ? []
        : [
            db
              .updateTable('examples')
              .set({ split, updated_at: at })
              .where('dataset_id', '=', dataset.id)
              .where('split', '<>', split)
              .where('question_hash', 'in', (eb) =>
                eb
                  .selectFrom('examples as moved')
                  .select('moved.question_hash')
                  .where('moved.dataset_id', '=', dataset.id)
                  .where('moved.updated_at', '=', at)
                  .where('moved.split', '=', split),
              ),
          ];
    const results = await store.write([...chosen, ...twins, touch(dataset.id)]);
    return results.slice(0, -1).reduce((sum, { affected }) => sum + affected, 0);
  }

  async function replace(dataset: DatasetRow, row: ExampleRow, body: ExampleBody): Promise<void> {
    const [byRule = []] = await findIn(find, [body]);
    const findings = withNames(byRule, body, JSON.parse(row.findings) as Finding[]);
    const before = JSON.parse(row.body) as ExampleBody;
    const columns = bodyColumns(body, findings);
    // A question that was redacted has kept the hash of what was asked: it keeps it too when only the answer is reworded.
    if (columns.question_hash === questionHashOf(before)) columns.question_hash = row.question_hash;
    const sameQuestion = columns.question_hash === row.question_hash;
    const twin = sameQuestion
      ? undefined
      : await db
          .selectFrom('examples')
          .select('split')
          .where('dataset_id', '=', dataset.id)
          .where('question_hash', '=', columns.question_hash)
          .executeTakeFirst();
    const split = sameQuestion
      ? row.split
      : (twin?.split ?? splitOf(columns.question_hash, sharesOf(dataset)));
    await store.write([
      db
        .updateTable('examples')
        .set({
          ...columns,
          split,
          // No model has looked for names in the new words. What one found in the old ones meanwhile is not in these
          // findings, so that it counts as not looked at either.
          source: columns.hash === row.hash ? row.source : withoutReader(row.source),
          updated_at: now(),
        })
        .where('id', '=', row.id),
      touch(dataset.id),
    ]);
  }

  /** Of examples that become equal by it one stays. The question keeps its hash: it is still the same question. */
  async function redact(
    dataset: DatasetRow,
    { ids, types }: { ids?: readonly string[]; types?: readonly string[] },
  ): Promise<number> {
    const withFindings = db
      .selectFrom('examples')
      .selectAll()
      .where('dataset_id', '=', dataset.id)
      .where('finding_count', '>', 0);
    let changed = 0;
    if (ids !== undefined) {
      for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
        const rows = await withFindings.where('id', 'in', ids.slice(from, from + ROWS_AT_ONCE)).execute();
        changed += await redactRows(dataset, rows, types);
      }
      return changed;
    }
    for (let after = ''; ; ) {
      const rows = await withFindings.where('id', '>', after).orderBy('id').limit(ROWS_AT_ONCE).execute();
      changed += await redactRows(dataset, rows, types);
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE) return changed;
      after = last.id;
    }
  }

  async function redactRows(
    dataset: DatasetRow,
    rows: readonly ExampleRow[],
    types: readonly string[] | undefined,
  ): Promise<number> {
    const redacted = rows.flatMap((row) => {
      const findings = JSON.parse(row.findings) as Finding[];
      const taken = findings.filter(({ type }) => types === undefined || types.includes(type));
      return taken.length === 0
        ? []
        : [
            {
              row,
              body: redactBody(JSON.parse(row.body) as ExampleBody, taken),
              left: findings.filter((one) => !taken.includes(one)),
            },
          ];
    });
    if (redacted.length === 0) return 0;
    const found = await findIn(
      find,
      redacted.map(({ body }) => body),
    );
    const hashes = redacted.map(({ body }) => hashOf(body));
    const there = new Set(
      (
        await db
          .selectFrom('examples')
          .select('hash')
          .where('dataset_id', '=', dataset.id)
          .where('hash', 'in', hashes)
          .execute()
      ).map(({ hash }) => hash),
    );
    const statements = redacted.map(({ row, body, left }, index) => {
      const findings = withNames(found[index] ?? [], body, left);
      const { question_hash: _new, ...columns } = bodyColumns(body, findings);
      // What somebody has reworded meanwhile stays as they wrote it, with what is found in it.
      if (there.has(columns.hash))
        return db.deleteFrom('examples').where('id', '=', row.id).where('hash', '=', row.hash);
      there.add(columns.hash);
      return (
        db
          .updateTable('examples')
          // As it was read: names that a model found meanwhile are not in these findings, and it looks again.
          .set({ ...columns, source: row.source, updated_at: now() })
          .where('id', '=', row.id)
          .where('hash', '=', row.hash)
      );
    });
    const written = await store.write([...statements, touch(dataset.id)]);
    return written.slice(0, -1).reduce((sum, { affected }) => sum + affected, 0);
  }

  return { page, named, change, replace, redact };
}
