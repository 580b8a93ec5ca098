// Personal settings on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { userSettingsSuite } from '../../test/suites/user-settings.suite.ts';

userSettingsSuite('PostgreSQL', openPostgresStore);
