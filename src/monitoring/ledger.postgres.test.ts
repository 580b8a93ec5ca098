// The ledger, its figures and its retention on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { ledgerSuite } from '../../test/suites/ledger.suite.ts';
import { retentionSuite } from '../../test/suites/retention.suite.ts';
import { usageSuite } from '../../test/suites/usage.suite.ts';

ledgerSuite('PostgreSQL', openPostgresStore);
retentionSuite('PostgreSQL', openPostgresStore);
usageSuite('PostgreSQL', openPostgresStore);
