// Keys, budgets, limits, routes, the cache, stored responses, prompts; and the hourly figures by key and app.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const oneDoor: Migration = {
  number: 5,
  name: 'one-door',
  statements: () =>
    split(`
alter table users add column email text;
alter table users add column disabled_at bigint;
alter table users add column last_seen_at bigint;
create unique index users_email on users (email);

create table api_keys (
  id text primary key, user_id text not null references users (id), name text not null, prefix text not null,
  hash text not null unique, models text, apps text, expires_at bigint, revoked_at bigint, created_by text not null,
  created_at bigint not null, last_used_at bigint);
create index api_keys_user on api_keys (user_id, created_at desc);

create table budgets (
  id text primary key, subject_kind text not null, subject_id text not null, period text not null, unit text not null,
  amount bigint not null, action text not null, created_at bigint not null, updated_at bigint not null,
  unique (subject_kind, subject_id, period, unit, action));
create table budget_counters (
  budget_id text not null references budgets (id) on delete cascade, period_start bigint not null,
  spent bigint not null, unpriced_calls bigint not null, updated_at bigint not null,
  primary key (budget_id, period_start));
create table budget_reservations (
  id text not null, budget_id text not null references budgets (id) on delete cascade, period_start bigint not null,
  amount bigint not null, expires_at bigint not null, primary key (id, budget_id));
create index budget_reservations_budget on budget_reservations (budget_id, period_start);
create table rate_limits (
  subject_kind text not null, subject_id text not null, requests_per_minute bigint, tokens_per_minute bigint,
  updated_at bigint not null, primary key (subject_kind, subject_id));
create table audit (
  id text primary key, at bigint not null, user_id text not null, action text not null, target text not null,
  data text not null);
create index audit_at on audit (at desc, id desc);

alter table traces add column key_id text;
alter table traces add column app text;
create index traces_key on traces (key_id, start_us desc);
create table usage_by_hour (
  hour bigint not null, user_id text not null, key_id text not null, app text not null, model text not null,
  source text not null, calls bigint not null, errors bigint not null, input_tokens bigint not null,
  output_tokens bigint not null, cost_nano bigint not null, unpriced_calls bigint not null,
  saved_nano bigint not null, duration_ms double precision not null,
  primary key (hour, user_id, key_id, app, model, source));
insert into usage_by_hour (hour, user_id, key_id, app, model, source, calls, errors, input_tokens, output_tokens,
  cost_nano, unpriced_calls, saved_nano, duration_ms)
  select hour, user_id, '', '', model, source, calls, errors, input_tokens, output_tokens, cost_nano, unpriced_calls, 0,
  duration_ms from usage_hourly;
drop table usage_hourly;
alter table usage_by_hour rename to usage_hourly;
create table latency_hourly (
  hour bigint not null, user_id text not null, key_id text not null, app text not null, model text not null,
  source text not null, measure text not null, bucket bigint not null, calls bigint not null,
  primary key (hour, user_id, key_id, app, model, source, measure, bucket));

alter table providers add column region text;
alter table providers add column llama_server text;
alter table aliases add column settings text not null default '{}';
create table cache_entries (
  key text primary key, user_id text not null, model text not null, entry text not null, hits bigint not null,
  created_at bigint not null, expires_at bigint not null);
create index cache_entries_expiry on cache_entries (expires_at);

create table responses (
  id text primary key, user_id text not null, model text not null, status text not null, body text not null,
  input_items text not null, previous_id text, trace_id text, created_at bigint not null, expires_at bigint not null);
create index responses_user on responses (user_id, created_at desc);
create index responses_expiry on responses (expires_at);

create table prompts (
  id text primary key, user_id text not null, name text not null, description text not null,
  created_at bigint not null, updated_at bigint not null, deleted_at bigint);
create unique index prompts_name on prompts (name) where deleted_at is null;
create table prompt_versions (
  prompt_id text not null references prompts (id) on delete cascade, version bigint not null, body text not null,
  note text not null, user_id text not null, created_at bigint not null, primary key (prompt_id, version));
create table prompt_labels (
  prompt_id text not null references prompts (id) on delete cascade, label text not null, version bigint not null,
  updated_at bigint not null, primary key (prompt_id, label));
`),
};
