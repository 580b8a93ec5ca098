// Batches of the vector-store wire: which files were put into a collection together.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const fileBatches: Migration = {
  number: 4,
  name: 'file-batches',
  statements: () =>
    split(`
create table file_batches (
  id text primary key, collection_id text not null references collections (id) on delete cascade,
  user_id text not null, task_id text, document_ids text not null, cancelled_at bigint, created_at bigint not null);
create index documents_file on documents (collection_id, file_id);
`),
};
