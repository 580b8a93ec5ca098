// Prompts on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { promptsSuite } from '../../../test/suites/prompts.suite.ts';

promptsSuite('PostgreSQL', openPostgresStore);
