// Agents of several people on the store that needs nothing else.
import { openTestStore } from '../../test/open-test-store.ts';
import { sharedAgentsSuite } from '../../test/suites/shared-agents.suite.ts';

sharedAgentsSuite('SQLite', openTestStore);
