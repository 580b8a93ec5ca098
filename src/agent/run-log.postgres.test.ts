// The run log on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { runLogSuite } from '../../test/suites/run-log.suite.ts';

runLogSuite('PostgreSQL', openPostgresStore);
