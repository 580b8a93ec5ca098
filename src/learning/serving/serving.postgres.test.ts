// Tuned models and promotions on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { servingSuite } from '../../../test/suites/serving.suite.ts';

servingSuite('PostgreSQL', openPostgresStore);
