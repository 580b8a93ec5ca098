// Stored responses on the store that needs nothing else.
import { openTestStore } from '../../test/open-test-store.ts';
import { storedResponsesSuite } from '../../test/suites/stored-responses.suite.ts';

storedResponsesSuite('SQLite', openTestStore);
