// The ledger, its figures and its retention on SQLite.
import { openTestStore } from '../../test/open-test-store.ts';
import { ledgerSuite } from '../../test/suites/ledger.suite.ts';
import { retentionSuite } from '../../test/suites/retention.suite.ts';
import { usageSuite } from '../../test/suites/usage.suite.ts';

ledgerSuite('SQLite', openTestStore);
retentionSuite('SQLite', openTestStore);
usageSuite('SQLite', openTestStore);
