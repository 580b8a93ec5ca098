// Budgets and limits on SQLite.
import { openTestStore } from '../../../test/open-test-store.ts';
import { spendingSuite } from '../../../test/suites/spending.suite.ts';

spendingSuite('SQLite', openTestStore);
