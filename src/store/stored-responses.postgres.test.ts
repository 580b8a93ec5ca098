// Stored responses on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { storedResponsesSuite } from '../../test/suites/stored-responses.suite.ts';

storedResponsesSuite('PostgreSQL', openPostgresStore);
