// Whose words the examples hold: consent that is given or taken back, and a person who is to be forgotten.
import type { Compilable } from 'kysely';
import type { BlobKeeper } from '../../store/blob-keeper.ts';
import type { Store } from '../../store/store.ts';

export interface PeopleOptions {
  store: Store;
  blobs: BlobKeeper;
  consenting: () => Promise<ReadonlySet<string>>;
  now: () => number;
  /** What else keeps words of a version, such as the results of evaluations; in the same batch. */
  alsoForget?: (version: { datasetId: string; version: number }) => readonly Compilable[];
}

export function createPeopleOfExamples({
  store,
  blobs,
  consenting,
  now,
  alsoForget = () => [],
}: PeopleOptions) {
  const { db } = store;
  /**
   * Brings every example to what its person says now; a change that a kill came before is caught up by it. Whoever collects
   * their own words agrees by that.
   */
  async function syncConsent(): Promise<void> {
    const agreed = [...(await consenting())];
    const others = (consent: number) =>
      db
        .updateTable('examples')
        .set({ consent, updated_at: now() })
        .where('person_id', 'is not', null)
        .whereRef('person_id', '<>', 'user_id')
        .where('consent', '<>', consent);
    await store.write([
      agreed.length === 0 ? others(0) : others(0).where('person_id', 'not in', agreed),
      ...(agreed.length === 0 ? [] : [others(1).where('person_id', 'in', agreed)]),
    ]);
  }

  /** Removes what holds the person's words: examples, and every version that does, with its bytes. */
  async function forget(personId: string): Promise<{ examples: number; versions: number }> {
    const versions = (
      await db.selectFrom('dataset_versions').select(['dataset_id', 'version', 'sha256', 'people']).execute()
    ).filter(({ people }) => (JSON.parse(people) as string[]).includes(personId));
    const [examples] = await store.write([
      db.deleteFrom('examples').where('person_id', '=', personId),
      ...versions.map(({ dataset_id, version }) =>
        db.deleteFrom('dataset_versions').where('dataset_id', '=', dataset_id).where('version', '=', version),
      ),
      ...versions.flatMap(({ dataset_id, version }) => alsoForget({ datasetId: dataset_id, version })),
    ]);
    await blobs.free(versions.map(({ sha256 }) => sha256));
    return { examples: examples?.affected ?? 0, versions: versions.length };
  }

  return { syncConsent, forget };
}
