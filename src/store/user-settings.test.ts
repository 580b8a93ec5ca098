// Personal settings on the store that needs nothing else.
import { openTestStore } from '../../test/open-test-store.ts';
import { userSettingsSuite } from '../../test/suites/user-settings.suite.ts';

userSettingsSuite('SQLite', openTestStore);
