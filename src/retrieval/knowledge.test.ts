// The knowledge service on SQLite; the behaviour itself stands in test/suites.
import { openTestStore } from '../../test/open-test-store.ts';
import { ingestSuite } from '../../test/suites/ingest.suite.ts';
import { knowledgeSuite } from '../../test/suites/knowledge.suite.ts';

ingestSuite('documents on their way in, SQLite', openTestStore);
knowledgeSuite('knowledge, SQLite', openTestStore);
