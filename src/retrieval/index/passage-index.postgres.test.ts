// The index of passages on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { passageIndexSuite } from '../../../test/suites/passage-index.suite.ts';

passageIndexSuite('PostgreSQL', openPostgresStore);
