// The knowledge service on PostgreSQL; the behaviour itself stands in test/suites.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { ingestSuite } from '../../test/suites/ingest.suite.ts';
import { knowledgeSuite } from '../../test/suites/knowledge.suite.ts';

ingestSuite('documents on their way in, PostgreSQL', openPostgresStore);
knowledgeSuite('knowledge, PostgreSQL', openPostgresStore);
