// Sign-in: passwords apart from the people they belong to, sessions as hashes, and whether accounts are on.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const accounts: Migration = {
  number: 6,
  name: 'accounts',
  statements: () =>
    split(`
alter table users add column removed_at bigint;
create table passwords (
  user_id text primary key references users (id) on delete cascade, hash text not null, updated_at bigint not null);
create table sessions (
  id text primary key, user_id text not null references users (id) on delete cascade, hash text not null unique,
  client text not null, address text not null, created_at bigint not null, last_seen_at bigint not null,
  expires_at bigint not null);
create index sessions_user on sessions (user_id, created_at desc);
create index sessions_expiry on sessions (expires_at);
create table access_state (id bigint primary key, accounts bigint not null, version bigint not null);
insert into access_state (id, accounts, version) values (1, 0, 0);
`),
};
