// Which of several programs on one PostgreSQL writes a run, a trace or a response. Empty: nobody who still lives, or the
// only program there is.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const owners: Migration = {
  number: 10,
  name: 'owners',
  statements: () =>
    split(`
alter table runs add column owner bigint;
alter table traces add column owner bigint;
alter table spans add column owner bigint;
alter table responses add column owner bigint;
`),
};
