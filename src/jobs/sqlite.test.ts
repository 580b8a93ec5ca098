// The queue's behaviour on SQLite.
import { openTestStore } from '../../test/open-test-store.ts';
import { jobsSuite } from '../../test/suites/jobs.suite.ts';

jobsSuite('SQLite', openTestStore);
