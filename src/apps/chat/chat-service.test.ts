// The chat application on SQLite.
import { openTestStore } from '../../../test/open-test-store.ts';
import { chatSuite } from '../../../test/suites/chat.suite.ts';

chatSuite('SQLite', openTestStore);
