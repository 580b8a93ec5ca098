// The store's behaviour on SQLite.
import { openTestStore } from '../../test/open-test-store.ts';
import { storeSuite } from '../../test/suites/store.suite.ts';

storeSuite('SQLite', openTestStore);
