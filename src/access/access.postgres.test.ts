// Access on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { accessSuite } from '../../test/suites/access.suite.ts';

accessSuite('PostgreSQL', openPostgresStore);
