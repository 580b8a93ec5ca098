// The contract of the datasets: made, filled, reviewed, frozen in versions, read by training and evaluation.
import type {
  Dataset,
  DatasetChoice,
  DatasetInput,
  DatasetVersion,
  Example,
  ExampleBody,
  ImportReport,
  Split,
} from '../../contracts/dataset.ts';
import type { Identity } from '../../contracts/identity.ts';

export const fileShapes = [
  'openai',
  'openai-preference',
  'sharegpt',
  'alpaca',
  'prompt-completion',
  'prompt-preference',
  'csv',
  'labels',
] as const;
export type FileShape = (typeof fileShapes)[number];

export interface ExampleFilter {
  status?: Example['status'];
  split?: Split;
  /** Text that stands in it. */
  query?: string;
  /** Only those with personal data that nobody has redacted. */
  findings?: boolean;
}

/** What is collected from the ledger; only the caller's own conversations and, for an admin, those of who consents. */
export interface CollectOrder {
  from: 'ratings' | 'traces';
  since?: number;
  model?: string;
  app?: string;
  /** Of ratings, for a `chat` dataset: those without a correction are taken only when the thumb is up. */
  rating?: 1 | -1;
}

/** An example of a version: it never changes. */
export interface FrozenExample {
  /** Made of its hash: the same content has the same id in every version and dataset. */
  id: string;
  hash: string;
  split: Split;
  body: ExampleBody;
}

export interface FrozenDataset {
  dataset: Pick<Dataset, 'id' | 'name' | 'kind' | 'purpose'>;
  version: DatasetVersion;
  /** In the order of their hashes. */
  examples: FrozenExample[];
}

/** Every call throws AtelierError not_found for a dataset that is not there. */
export interface Datasets {
  list(who: Identity): Promise<Dataset[]>;
  get(who: Identity, id: string): Promise<Dataset>;
  /** @throws AtelierError conflict when the name is taken */
  create(who: Identity, input: DatasetInput): Promise<Dataset>;
  update(who: Identity, id: string, change: { name?: string; description?: string }): Promise<Dataset>;
  remove(who: Identity, id: string): Promise<void>;
  restore(who: Identity, id: string): Promise<Dataset>;
  examples(
    who: Identity,
    id: string,
    page: ExampleFilter & { cursor?: string; limit: number },
  ): Promise<{ examples: Example[]; nextCursor: string | null }>;
  /** @throws AtelierError invalid_request (another kind), conflict (it is there, or an evaluation set holds it) */
  addExample(
    who: Identity,
    id: string,
    body: ExampleBody,
    /** A span of the caller's own that it was taken out of. */
    from?: { traceId: string; spanId: string },
  ): Promise<Example>;
  replaceExample(who: Identity, id: string, exampleId: string, body: ExampleBody): Promise<Example>;
  removeExample(who: Identity, id: string, exampleId: string): Promise<void>;
  /** Of all that the filter names, or of the ids. @returns how many were changed */
  changeExamples(
    who: Identity,
    id: string,
    which: { ids: readonly string[] } | { filter: ExampleFilter },
    change: { status?: Example['status']; split?: Split },
  ): Promise<number>;
  /** Puts [EMAIL], [PHONE], ... in the place of what was found. @returns how many examples were changed */
  redact(
    who: Identity,
    id: string,
    which: { ids?: readonly string[]; types?: readonly string[] },
  ): Promise<number>;
  /** Lines that give no example are in the report; the others are kept. */
  importFile(
    who: Identity,
    id: string,
    file: {
      name: string;
      bytes: AsyncIterable<Uint8Array> | Uint8Array;
      /** A function where it may follow the file, as in a form: it is asked once the bytes have been read. */
      shape?: FileShape | (() => Promise<FileShape | undefined>);
      /** Where it is known before: what is too large is refused before anything is kept. */
      sizeBytes?: number;
    },
  ): Promise<ImportReport>;
  collect(who: Identity, id: string, order: CollectOrder): Promise<ImportReport>;
  /** Freezes what is approved. @throws AtelierError invalid_request when nothing is */
  freeze(who: Identity, id: string, note: string): Promise<DatasetVersion>;
  /** JSON lines, or CSV with its header. Without a version what is approved now. */
  export(who: Identity, id: string, options: { version?: number; shape: FileShape }): AsyncIterable<string>;
  /** @throws AtelierError not_found (no version), invalid_request (another kind than one of `kinds`) */
  read(who: Identity, choice: DatasetChoice, kinds: readonly Dataset['kind'][]): Promise<FrozenDataset>;
}
