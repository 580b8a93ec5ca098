// Agents of several people on PostgreSQL.
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import { sharedAgentsSuite } from '../../test/suites/shared-agents.suite.ts';

sharedAgentsSuite('PostgreSQL', openPostgresStore);
