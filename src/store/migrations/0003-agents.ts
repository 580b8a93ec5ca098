// Agents, approvals, what a person has set for tools, MCP servers, and the batches and figures of apps.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

const tables = `
alter table conversations add column agent text;
alter table conversations add column tools text not null default '[]';
alter table runs add column agent text;
alter table runs add column work_order text;
create table agents (
  id text primary key, user_id text not null, name text not null, definition text not null,
  created_at bigint not null, updated_at bigint not null, unique (user_id, name));
create table approvals (
  id text primary key, run_id text not null references runs (id) on delete cascade, user_id text not null,
  conversation_id text, agent text not null, tool_call_id text not null, tool_name text not null,
  tool_title text not null, effect text not null, input text not null, rule text not null, problem text,
  created_at bigint not null, answered_at bigint, answer text, unique (run_id, tool_call_id));
create index approvals_open on approvals (user_id, created_at) where answered_at is null;
create table tool_settings (
  name text primary key, enabled bigint not null, approval text, updated_at bigint not null);
create table mcp_servers (
  id text primary key, enabled bigint not null, sealed text not null, created_at bigint not null,
  updated_at bigint not null);
create table app_batches (
  id text primary key, user_id text not null, app text not null, task_id text not null, model text not null,
  file_name text not null, sha256 text not null, columns text not null, fixed text not null, rows bigint not null,
  created_at bigint not null);
create index app_batches_list on app_batches (user_id, app, created_at desc);
create table app_batch_rows (
  batch_id text not null references app_batches (id) on delete cascade, row bigint not null, output text,
  error text, trace_id text, primary key (batch_id, row));
create table app_figures (
  app text not null, set_name text not null, metric text not null, model text not null,
  value double precision not null, low double precision, high double precision, rows bigint not null,
  measured_at bigint not null, primary key (app, set_name, metric, model));
`;

export const agents: Migration = { number: 3, name: 'agents', statements: () => split(tables) };
