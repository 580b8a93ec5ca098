// Datasets and their versions, training runs, evaluations, tuned models, promotions, classifiers.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const learning: Migration = {
  number: 9,
  name: 'learning',
  statements: () =>
    split(`
create table datasets (
  id text primary key, user_id text not null, name text not null, kind text not null, purpose text not null,
  description text not null, shares text not null, created_at bigint not null, updated_at bigint not null,
  deleted_at bigint);
create unique index datasets_name on datasets (name) where deleted_at is null;
create table examples (
  id text primary key, dataset_id text not null references datasets (id) on delete cascade, hash text not null,
  question_hash text not null, body text not null, words text not null, split text not null, status text not null,
  consent integer not null, source text not null, findings text not null, finding_count bigint not null, person_id text,
  user_id text not null, created_at bigint not null, updated_at bigint not null, unique (dataset_id, hash));
create index examples_question on examples (dataset_id, question_hash, split);
create index examples_order on examples (dataset_id, created_at, id);
create index examples_counts on examples (dataset_id, status, split, consent, finding_count);
create index examples_person on examples (person_id);
create table dataset_versions (
  dataset_id text not null references datasets (id) on delete cascade, version bigint not null, sha256 text not null,
  examples bigint not null, splits text not null, left_out text not null, people text not null, note text not null,
  user_id text not null, created_at bigint not null, primary key (dataset_id, version));
create index dataset_versions_blob on dataset_versions (sha256);

create table training_runs (
  id text primary key, user_id text not null, name text not null, input text not null, task_id text not null,
  status text not null, state text not null, estimate text not null, model text, error text, created_at bigint not null,
  started_at bigint, ended_at bigint);
create index training_runs_time on training_runs (created_at desc, id desc);
create table training_events (
  run_id text not null references training_runs (id) on delete cascade, seq bigint not null, step bigint not null,
  at bigint not null, type text not null, event text not null, primary key (run_id, seq));

create table evaluations (
  id text primary key, user_id text not null, name text not null, input text not null, dataset_version bigint not null,
  task_id text not null, status text not null, done bigint not null, total bigint not null, summary text not null,
  error text, created_at bigint not null, ended_at bigint);
create index evaluations_time on evaluations (created_at desc, id desc);
create table evaluation_results (
  evaluation_id text not null references evaluations (id) on delete cascade, example_id text not null,
  subject bigint not null, place bigint not null, question text not null, expected text not null, output text,
  score double precision not null, detail text not null, error text, latency_ms double precision not null,
  cost_nano bigint, trace_id text, primary key (evaluation_id, example_id, subject));
create index evaluation_results_place on evaluation_results (evaluation_id, place, subject);

create table tuned_models (
  id text primary key, user_id text not null, name text not null unique, model text not null, base text not null,
  run_id text not null, files text not null, created_at bigint not null);
create table promotions (
  id text primary key, user_id text not null, alias text not null, from_model text, to_model text not null,
  share double precision not null, alias_before text, evaluation_id text not null, gate text not null, verdict text not null,
  state text not null, created_at bigint not null, ended_at bigint);
create index promotions_alias on promotions (alias, created_at desc);

create table classifiers (
  id text primary key, user_id text not null, name text not null unique, embedding_model text not null,
  dimensions bigint not null, labels text not null, dataset_id text not null, dataset_version bigint not null,
  weights text not null, report text not null, created_at bigint not null);

alter table local_models add column adapter text;
`),
};
