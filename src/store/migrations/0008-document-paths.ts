// PostgreSQL indexes no text of more than about 2.7 kB, and the path of a document may be an address of any length: its
// indexes hold a hash of the path, and for the order its beginning. SQLite has no such limit and keeps what it has.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const documentPaths: Migration = {
  number: 8,
  name: 'document-paths',
  statements: (kind) =>
    kind === 'sqlite'
      ? []
      : split(`
create or replace function document_path_key(path text) returns bytea language sql immutable strict parallel safe
  as 'select sha256(convert_to($1, ''UTF8''))';
alter table documents drop constraint documents_collection_id_path_key;
create unique index documents_path on documents (collection_id, document_path_key(path));
create index documents_order on documents (collection_id, left(path, 200));
drop index documents_list;
create index documents_list on documents (collection_id, status, left(path, 200));
`),
};
