// What each person has set for themselves, over the settings of the program: one row a field.
import type { Migration } from './migrations.ts';
import { split } from './split.ts';

export const userSettings: Migration = {
  number: 7,
  name: 'user-settings',
  statements: () =>
    split(`
create table user_settings (
  user_id text not null references users (id) on delete cascade, key text not null, value text not null,
  primary key (user_id, key));
`),
};
