// Access on SQLite.
import { openTestStore } from '../../test/open-test-store.ts';
import { accessSuite } from '../../test/suites/access.suite.ts';

accessSuite('SQLite', openTestStore);
