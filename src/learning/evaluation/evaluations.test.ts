// Evaluations on the store that needs nothing else.
import { openTestStore } from '../../../test/open-test-store.ts';
import { evaluationsSuite } from '../../../test/suites/evaluations.suite.ts';

evaluationsSuite('SQLite', openTestStore);
