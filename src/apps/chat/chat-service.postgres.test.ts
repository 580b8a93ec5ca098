// The chat application on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { chatSuite } from '../../../test/suites/chat.suite.ts';

chatSuite('PostgreSQL', openPostgresStore);
