// The store's behaviour on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { storeSuite } from '../../test/suites/store.suite.ts';

storeSuite('PostgreSQL', openPostgresStore);
