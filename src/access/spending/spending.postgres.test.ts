// Budgets and limits on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { spendingSuite } from '../../../test/suites/spending.suite.ts';

spendingSuite('PostgreSQL', openPostgresStore);
