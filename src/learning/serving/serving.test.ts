// Tuned models and promotions on the store that needs nothing else.
import { openTestStore } from '../../../test/open-test-store.ts';
import { servingSuite } from '../../../test/suites/serving.suite.ts';

servingSuite('SQLite', openTestStore);
