// The run log on SQLite.
import { openTestStore } from '../../test/open-test-store.ts';
import { runLogSuite } from '../../test/suites/run-log.suite.ts';

runLogSuite('SQLite', openTestStore);
