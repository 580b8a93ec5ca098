// Prompts on the store that needs nothing else.
import { openTestStore } from '../../../test/open-test-store.ts';
import { promptsSuite } from '../../../test/suites/prompts.suite.ts';

promptsSuite('SQLite', openTestStore);
