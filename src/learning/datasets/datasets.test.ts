// Datasets on SQLite.
import { openTestStore } from '../../../test/open-test-store.ts';
import { collectSuite } from '../../../test/suites/collect.suite.ts';
import { datasetsSuite } from '../../../test/suites/datasets.suite.ts';

datasetsSuite('SQLite', openTestStore);
collectSuite('SQLite', openTestStore);
