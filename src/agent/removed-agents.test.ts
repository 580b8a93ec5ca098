import { expect, test } from 'vitest';
import { openTestStore } from '../../test/open-test-store.ts';
import { localIdentity } from '../contracts/identity.ts';
import { createRemovedAgents } from './removed-agents.ts';

test('an agent can be brought back for ten minutes, and what is over goes with the next removal', async () => {
  const opened = await openTestStore();
  let at = 1_000;
  const { store } = opened;
  const removed = createRemovedAgents(store, () => at);
  const { userId } = localIdentity;
  const note = async (id: string) =>
    store.write(await removed.note(userId, id, { maker: userId, createdAt: 5 }));
  await note('agt_one');
  at += 10 * 60_000;
  expect(await removed.find(userId, 'agt_one')).toMatchObject({ maker: userId, createdAt: 5 });
  expect(await removed.find('user_other', 'agt_one')).toBeNull();
  at += 1;
  expect(await removed.find(userId, 'agt_one')).toBeNull();
  await note('agt_two');
  const rows = await store.db.selectFrom('user_settings').select('key').execute();
  expect(rows).toEqual([{ key: 'removed-agent:agt_two' }]);
  await opened.dispose();
});
