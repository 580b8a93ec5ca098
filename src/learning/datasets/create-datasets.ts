// Datasets on the store: each call finds its dataset, checks who asks, and hands the work to the part that knows it.
import type { ExampleBody } from '../../contracts/dataset.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { newId } from '../../lib/ids.ts';
import type { BlobKeeper } from '../../store/blob-keeper.ts';
import type { Store } from '../../store/store.ts';
import { addExamples } from './add-examples.ts';
import { collect } from './collect/collect.ts';
import { createDatasetRows, type DatasetRow } from './dataset-rows.ts';
import type { Datasets } from './datasets.ts';
import { heldQuestions } from './evaluation-twins.ts';
import { hashOf, problemOf, questionHashOf } from './example-body.ts';
import { exportAs } from './files/export-shapes.ts';
import { bounded, requireSize } from './files/read-lines.ts';
import { importFile } from './import-file.ts';
import { createPeopleOfExamples, type PeopleOptions } from './people.ts';
import type { FindPersonalData } from './personal-data.ts';
import { createReview } from './review.ts';
import { sourceOfSpan } from './source-of-span.ts';
import { createVersions } from './versions.ts';

export interface DatasetService extends Datasets {
  /** Removes what was deleted before then, with its examples and versions. @returns how many datasets */
  purge(before: number): Promise<number>;
  /** Brings the examples to what each person says of their use now. */
  syncConsent(): Promise<void>;
  /** Removes every example, and every version, that holds the words of a person. */
  forgetPerson(userId: string): Promise<{ examples: number; versions: number }>;
}

export interface DatasetOptions {
  store: Store;
  blobs: BlobKeeper;
  find: FindPersonalData;
  /** Ids of those who agreed that their conversations may be learned from. */
  consenting: () => Promise<ReadonlySet<string>>;
  /** Resolves when all that has ended is in the store. */
  flushLedger: () => Promise<void>;
  /** Of a version in which somebody is to be forgotten: what keeps its words elsewhere. */
  alsoForget?: PeopleOptions['alsoForget'];
  now?: () => number;
}

const ROWS_A_PURGE = 2000;

/** Datasets hold words of several people: whoever may build with them may read them. */
function mayWork({ role }: Identity): void {
  if (role === 'admin' || role === 'builder') return;
  throw new AtelierError(
    'forbidden',
    `The role ${role} has no access to datasets. Ask an admin or a builder.`,
    { data: { role, needs: ['admin', 'builder'] } },
  );
}

const taken = (name: string) =>
  new AtelierError('conflict', `There is a dataset ${name} already. Choose another name, or add to it.`, {
    data: { name },
  });

export function createDatasets({
  store,
  blobs,
  find,
  consenting,
  flushLedger,
  alsoForget = () => [],
  now = Date.now,
}: DatasetOptions): DatasetService {
  const { db } = store;
  const rows = createDatasetRows(store);
  const versions = createVersions({ store, blobs, now });
  const review = createReview({ store, find, now });
  const people = createPeopleOfExamples({ store, blobs, consenting, now, alsoForget });
  const intake = { store, find, now };

  async function open(who: Identity, id: string): Promise<DatasetRow> {
    mayWork(who);
    return rows.find(id);
  }

  async function named(name: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      throw isAtelierError(thrown) && thrown.code === 'conflict' ? taken(name) : thrown;
    }
  }

  function check(dataset: DatasetRow, body: ExampleBody): void {
    if (body.kind !== dataset.kind)
      throw new AtelierError(
        'invalid_request',
        `${dataset.name} holds examples of the kind ${dataset.kind}, and this one is of the kind ${body.kind}.`,
        { data: { param: 'body.kind', kind: body.kind, wanted: dataset.kind } },
      );
    const problem = problemOf(body);
    if (problem !== null)
      throw new AtelierError('invalid_request', `The example cannot be used: ${problem.message}.`, {
        data: { param: 'body', code: problem.code },
      });
  }

  /** Bytes that are read twice, kept as a blob that nothing points to. */
  async function spooled<T>(
    bytes: AsyncIterable<Uint8Array> | Uint8Array,
    work: (again: AsyncIterable<Uint8Array> | Uint8Array) => Promise<T>,
  ): Promise<T> {
    let kept: string | null = null;
    try {
      return await blobs.keep(bytes, async ({ sha256 }) => {
        kept = sha256;
        return work((await store.blobs.get(sha256)) ?? new Uint8Array());
      });
    } finally {
      await blobs.free([kept]);
    }
  }

  const alreadyThere = (dataset: DatasetRow) =>
    new AtelierError('conflict', `${dataset.name} holds this example already.`, {
      data: { id: dataset.id, code: 'known' },
    });
  const heldBack = (dataset: DatasetRow, by: string) =>
    new AtelierError(
      'conflict',
      `The evaluation set ${by} holds this question. What judges a model must not be learned: leave it out of ${dataset.name}, or remove it there.`,
      { data: { id: dataset.id, code: 'duplicate', evaluationSet: by } },
    );

  return {
    async list(who) {
      mayWork(who);
      return rows.list();
    },
    async get(who, id) {
      mayWork(who);
      return rows.whole(id);
    },

    async create(who, input) {
      mayWork(who);
      const { name, kind, purpose = 'training', description = '' } = input;
      const shares = input.shares ?? { train: 0.8, validation: 0.1, test: 0.1 };
      const at = now();
      const id = newId('dataset', at);
      await named(name, () =>
        store.write([
          db.insertInto('datasets').values({
            id,
            user_id: who.userId,
            name,
            kind,
            purpose,
            description,
            shares: JSON.stringify(shares),
            created_at: at,
            updated_at: at,
            deleted_at: null,
          }),
        ]),
      );
      return rows.whole(id);
    },

    async update(who, id, { name, description }) {
      const dataset = await open(who, id);
      const set = {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        updated_at: now(),
      };
      await named(name ?? dataset.name, () =>
        store.write([db.updateTable('datasets').set(set).where('id', '=', dataset.id)]),
      );
      return rows.whole(dataset.id);
    },

    async remove(who, id) {
      const dataset = await open(who, id);
      await store.write([db.updateTable('datasets').set({ deleted_at: now() }).where('id', '=', dataset.id)]);
    },

    async restore(who, id) {
      mayWork(who);
      const dataset = await rows.findHidden(id);
      await named(dataset.name, () =>
        store.write([
          db
            .updateTable('datasets')
            .set({ deleted_at: null, updated_at: now() })
            .where('id', '=', dataset.id),
        ]),
      );
      return rows.whole(dataset.id);
    },

    async examples(who, id, page) {
      return review.page(await open(who, id), page);
    },

    async addExample(who, id, body, from) {
      const dataset = await open(who, id);
      check(dataset, body);
      if (from !== undefined) await flushLedger();
      const source = from === undefined ? { kind: 'person' as const } : await sourceOfSpan(store, who, from);
      const personId = from === undefined ? null : who.userId;
      const { added, heldBack: held } = await addExamples(intake, who, dataset, [
        { body, source, status: 'approved', consent: true, personId },
      ]);
      const [back] = held;
      if (back !== undefined) throw heldBack(dataset, back.by);
      if (added === 0) throw alreadyThere(dataset);
      const row = await db
        .selectFrom('examples')
        .selectAll()
        .where('dataset_id', '=', dataset.id)
        .where('hash', '=', hashOf(body))
        .executeTakeFirstOrThrow();
      const [example] = await review.named(dataset, [row]);
      if (example === undefined) throw alreadyThere(dataset);
      return example;
    },

    async replaceExample(who, id, exampleId, body) {
      const dataset = await open(who, id);
      const row = await rows.example(dataset.id, exampleId);
      check(dataset, body);
      const question = questionHashOf(body);
      const asked = questionHashOf(JSON.parse(row.body) as ExampleBody);
      if (question !== row.question_hash && question !== asked) {
        const by = (await heldQuestions(store, dataset, [question])).get(question);
        if (by !== undefined) throw heldBack(dataset, by);
      }
      try {
        await review.replace(dataset, row, body);
      } catch (thrown) {
        throw isAtelierError(thrown) && thrown.code === 'conflict' ? alreadyThere(dataset) : thrown;
      }
      const [example] = await review.named(dataset, [await rows.example(dataset.id, exampleId)]);
      if (example === undefined) throw alreadyThere(dataset);
      return example;
    },

    async removeExample(who, id, exampleId) {
      const dataset = await open(who, id);
      const row = await rows.example(dataset.id, exampleId);
      await store.write([
        db.deleteFrom('examples').where('id', '=', row.id),
        db.updateTable('datasets').set({ updated_at: now() }).where('id', '=', dataset.id),
      ]);
    },

    async changeExamples(who, id, which, change) {
      return review.change(await open(who, id), which, change);
    },
    async redact(who, id, which) {
      return review.redact(await open(who, id), which);
    },

    async importFile(who, id, file) {
      const dataset = await open(who, id);
      const { shape, bytes, ...rest } = file;
      if (typeof shape !== 'function')
        return importFile(intake, who, dataset, {
          ...rest,
          bytes,
          ...(shape === undefined ? {} : { shape }),
        });
      // Its shape is known only when the bytes have passed: they are kept until then.
      requireSize(file);
      return spooled(bounded(file), async (again) => {
        const told = await shape();
        return importFile(intake, who, dataset, {
          ...rest,
          bytes: again,
          ...(told === undefined ? {} : { shape: told }),
        });
      });
    },
    async collect(who, id, order) {
      const dataset = await open(who, id);
      await people.syncConsent();
      return collect({ ...intake, consenting, flushLedger }, who, dataset, order);
    },

    async freeze(who, id, note) {
      const dataset = await open(who, id);
      await people.syncConsent();
      return versions.freeze(who, dataset, note);
    },
    async *export(who, id, { version, shape }) {
      const dataset = await open(who, id);
      const frozen = version === undefined ? null : await versions.find(dataset, version);
      const { name } = dataset;
      yield* exportAs(shape, { name, kind: dataset.kind as ExampleBody['kind'] }, async function* () {
        const from = frozen === null ? versions.approved(dataset) : versions.lines(frozen);
        for await (const { body } of from) yield body;
      });
    },

    async read(who, choice, kinds) {
      const dataset = await open(who, choice.id);
      const kind = dataset.kind as (typeof kinds)[number];
      if (!kinds.includes(kind))
        throw new AtelierError(
          'invalid_request',
          `${dataset.name} is of the kind ${kind}, and here one of the kind ${kinds.join(' or ')} is needed.`,
          { data: { id: dataset.id, kind, kinds } },
        );
      const version = await versions.find(dataset, choice.version);
      return {
        dataset: {
          id: dataset.id,
          name: dataset.name,
          kind,
          purpose: dataset.purpose as 'training' | 'evaluation',
        },
        version,
        examples: await versions.examples(version),
      };
    },

    async purge(before) {
      const gone = await db.selectFrom('datasets').select('id').where('deleted_at', '<', before).execute();
      let removed = 0;
      for (const { id } of gone) {
        // In portions, so that nobody waits behind a hundred thousand rows. Restored meanwhile, it keeps what is left.
        const some = db.selectFrom('examples').select('id').where('dataset_id', '=', id).limit(ROWS_A_PURGE);
        const isGone = db
          .selectFrom('datasets')
          .select('id')
          .where('id', '=', id)
          .where('deleted_at', '<', before);
        for (let left = 1; left > 0; ) {
          const [deleted] = await store.write([
            db
              .deleteFrom('examples')
              .where('id', 'in', some)
              .where((eb) => eb.exists(isGone)),
          ]);
          left = deleted?.affected ?? 0;
        }
        const hashes = await db
          .selectFrom('dataset_versions')
          .select('sha256')
          .where('dataset_id', '=', id)
          .execute();
        const [result] = await store.write([
          db.deleteFrom('datasets').where('id', '=', id).where('deleted_at', '<', before),
        ]);
        removed += result?.affected ?? 0;
        await blobs.free(hashes.map(({ sha256 }) => sha256));
      }
      return removed;
    },
    syncConsent: people.syncConsent,
    forgetPerson: people.forget,
  };
}
