// The first tables: people, conversations, runs, the ledger, jobs, models; and the full-text index.
// `bigint` and `double precision` are names that SQLite reads as INTEGER and REAL, so one text serves both stores.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

const tables = `
create table users (id text primary key, name text not null, role text not null, created_at bigint not null);
insert into users (id, name, role, created_at) values ('local', 'Local', 'admin', 0);
create table settings (key text primary key, value text not null);

create table conversations (
  id text primary key, user_id text not null, title text, title_source text not null, model text not null,
  system text not null, parameters text not null, head_id text,
  created_at bigint not null, updated_at bigint not null, deleted_at bigint);
create index conversations_list on conversations (user_id, updated_at desc, id desc) where deleted_at is null;
create index conversations_deleted on conversations (deleted_at) where deleted_at is not null;
create table messages (
  id text primary key, conversation_id text not null references conversations (id) on delete cascade,
  parent_id text, role text not null, parts text not null, status text not null, run_id text, receipt text,
  error text, created_at bigint not null);
create index messages_conversation on messages (conversation_id, created_at, id);
create index messages_run on messages (run_id);

create table runs (
  id text primary key, kind text not null, user_id text not null, conversation_id text, message_id text,
  status text not null, created_at bigint not null, ended_at bigint);
create index runs_status on runs (status, created_at);
create index runs_conversation on runs (conversation_id);
create table run_events (
  run_id text not null references runs (id) on delete cascade, seq bigint not null, at bigint not null,
  event text not null, primary key (run_id, seq));

create table traces (
  trace_id text primary key, name text not null, start_us bigint not null, end_us bigint, status text not null,
  user_id text not null, conversation_id text, model text, source text,
  input_tokens bigint not null, output_tokens bigint not null, cache_read_tokens bigint not null,
  cache_write_tokens bigint not null, reasoning_tokens bigint not null, cost_nano bigint not null,
  cost_known bigint not null, cost_unknown bigint not null, ttft_ms double precision, span_count bigint not null,
  rating double precision, content_bytes bigint not null);
create index traces_start on traces (start_us desc, trace_id desc);
create index traces_user on traces (user_id, start_us desc, trace_id desc);
create index traces_model on traces (model, start_us desc);
create index traces_status on traces (status, start_us desc);
create index traces_conversation on traces (conversation_id, start_us desc);
create index traces_source on traces (source, start_us desc);
create index traces_rating on traces (rating, start_us desc) where rating is not null;
create table spans (
  trace_id text not null, span_id text not null, parent_id text, name text not null, kind text not null,
  start_us bigint not null, end_us bigint, status text not null, error text, user_id text not null,
  conversation_id text, model text, usage text, cost text, ttft_ms double precision, attributes text not null,
  primary key (trace_id, span_id));
create table span_contents (
  trace_id text not null, span_id text not null, input text, output text, primary key (trace_id, span_id));
create table scores (
  id text primary key, trace_id text not null, span_id text not null, name text not null,
  value double precision not null, reason text, correction text, source text not null, user_id text not null,
  created_at bigint not null);
create index scores_span on scores (span_id, user_id, name);
create index scores_trace on scores (trace_id);
create index scores_created on scores (created_at);
create table usage_hourly (
  hour bigint not null, user_id text not null, model text not null, source text not null, calls bigint not null,
  errors bigint not null, input_tokens bigint not null, output_tokens bigint not null, cost_nano bigint not null,
  unpriced_calls bigint not null, duration_ms double precision not null,
  primary key (hour, user_id, model, source));

create table jobs (
  id text primary key, kind text not null, title text not null, payload text not null, status text not null,
  progress text, result text, error text, checkpoint text, can_pause bigint not null, attempts bigint not null,
  run_at bigint not null, claimed_by text, claimed_until bigint, unique_key text, created_at bigint not null,
  started_at bigint, ended_at bigint);
create index jobs_due on jobs (status, run_at);
create index jobs_created on jobs (created_at desc, id desc);
create unique index jobs_open_key on jobs (unique_key)
  where unique_key is not null and status in ('queued', 'running', 'paused');
create table schedules (
  name text primary key, kind text not null, payload text not null, every_ms bigint not null, next_at bigint not null);

create table local_models (
  id text primary key, path text not null, size_bytes bigint not null, sha256 text, source text not null,
  catalogue_id text, header text not null, created_at bigint not null);
create table providers (
  id text primary key, kind text not null, name text not null, base_url text not null, sealed_key text,
  headers text not null, models text not null, state text not null, error text, checked_at bigint,
  created_at bigint not null);
create table aliases (alias text primary key, model text not null, updated_at bigint not null);
create table prices (model text primary key, price text not null, updated_at bigint not null);
create table measurements (key text primary key, value text not null, measured_at bigint not null);
`;

// The index keeps no second copy of the text; a document's number ties both tables together.
const sqliteText = `
create table text_documents (
  number integer primary key, collection text not null, id text not null, scope text not null,
  unique (collection, id));
create virtual table text_index using fts5 (
  words, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');
`;

const postgresText = `
create table text_documents (
  collection text not null, id text not null, scope text not null, word_count bigint not null,
  words tsvector not null, primary key (collection, id));
create index text_documents_words on text_documents using gin (words);
create index text_documents_length on text_documents (collection, word_count);
`;

const postgresBlobs = `
create table blobs (sha256 text primary key, upload_id text not null, size_bytes bigint not null, created_at bigint not null);
create table blob_chunks (
  upload_id text not null, seq bigint not null, created_at bigint not null, bytes bytea not null,
  primary key (upload_id, seq));
`;

export const spine: Migration = {
  number: 1,
  name: 'spine',
  statements: (kind) => [
    ...split(tables),
    ...split(kind === 'sqlite' ? sqliteText : `${postgresText}${postgresBlobs}`),
  ],
};
