// The index of passages on SQLite.
import { openTestStore } from '../../../test/open-test-store.ts';
import { passageIndexSuite } from '../../../test/suites/passage-index.suite.ts';

passageIndexSuite('SQLite', openTestStore);
