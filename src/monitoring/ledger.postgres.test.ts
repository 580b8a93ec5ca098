// The ledger and its retention on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { ledgerSuite } from '../../test/suites/ledger.suite.ts';
import { retentionSuite } from '../../test/suites/retention.suite.ts';

ledgerSuite('PostgreSQL', openPostgresStore);
retentionSuite('PostgreSQL', openPostgresStore);
