// Datasets on PostgreSQL.
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { collectSuite } from '../../../test/suites/collect.suite.ts';
import { datasetsSuite } from '../../../test/suites/datasets.suite.ts';

datasetsSuite('PostgreSQL', openPostgresStore);
collectSuite('PostgreSQL', openPostgresStore);
