// Evaluations on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { evaluationsSuite } from '../../../test/suites/evaluations.suite.ts';

evaluationsSuite('PostgreSQL', openPostgresStore);
