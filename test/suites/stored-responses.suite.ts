// Stored responses on any store: each is its owner's alone, and goes when its time is over.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createStoredResponses,
  RESPONSE_KEPT_MS,
  type StoredResponse,
  type StoredResponses,
} from '../../src/store/stored-responses.ts';
import type { TestStore } from '../open-test-store.ts';

const row = (more: Partial<StoredResponse> = {}): StoredResponse => ({
  id: 'resp_1',
  userId: 'ada',
  model: 'scripted/script',
  status: 'completed',
  body: { response: { output: ['ça'] } },
  inputItems: [{ id: 'msg_1' }],
  previousId: null,
  traceId: 'abc',
  createdAt: 1000,
  ...more,
});

export function storedResponsesSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`stored responses on ${name}`, () => {
    let opened: TestStore;
    let responses: StoredResponses;
    let now = 2000;
    beforeEach(async () => {
      opened = await open();
      now = 2000;
      responses = createStoredResponses({ store: opened.store, now: () => now });
    });
    afterEach(() => opened.dispose());

    test('what was put is read as it was, and changed by its owner alone', async () => {
      await responses.put(row());
      expect(await responses.get('ada', 'resp_1')).toEqual({ ...row(), elsewhere: false });
      await responses.put(row({ status: 'failed', body: 1, traceId: null }));
      expect(await responses.get('ada', 'resp_1')).toMatchObject(
        row({ status: 'failed', body: 1, traceId: null }),
      );
      await responses.put(row({ userId: 'eve', body: 'taken' }));
      expect(await responses.get('eve', 'resp_1')).toBeNull();
      expect(await responses.get('ada', 'resp_1')).toMatchObject({ body: 1 });
    });

    test('another person neither reads nor removes it', async () => {
      await responses.put(row());
      expect(await responses.get('eve', 'resp_1')).toBeNull();
      expect(await responses.remove('eve', 'resp_1')).toBe(false);
      expect(await responses.remove('ada', 'resp_1')).toBe(true);
      expect(await responses.get('ada', 'resp_1')).toBeNull();
    });

    test('after thirty days it is read no more, and cleared away', async () => {
      await responses.put(row());
      await responses.put(row({ id: 'resp_2', createdAt: 5000 }));
      now = 1000 + RESPONSE_KEPT_MS;
      expect(await responses.get('ada', 'resp_1')).toBeNull();
      expect(await responses.purge(now)).toBe(1);
      expect(await responses.get('ada', 'resp_2')).not.toBeNull();
    });
  });
}
