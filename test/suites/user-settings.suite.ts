// What each person has chosen for themselves, on any store: theirs alone, and the program's where they chose nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localIdentity as alix, type Identity } from '../../src/contracts/identity.ts';
import { createSettings, type SettingsService } from '../../src/store/settings.ts';
import { createUserSettings, type UserSettings } from '../../src/store/user-settings.ts';
import type { TestStore } from '../open-test-store.ts';

const mia: Identity = { userId: 'user_mia', role: 'member' };

export function userSettingsSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`personal settings on ${name}`, () => {
    let opened: TestStore;
    let program: SettingsService;
    let settings: UserSettings;
    beforeEach(async () => {
      opened = await open();
      const { store } = opened;
      await store.write([
        store.db.insertInto('users').values({ id: mia.userId, name: 'Mia', role: 'member', created_at: 1 }),
      ]);
      program = await createSettings(store);
      settings = createUserSettings({ store, settings: program });
    });
    afterEach(() => opened.dispose());

    test('are the program’s until they are chosen, and then no longer', async () => {
      await program.update({ language: 'fr', theme: 'light' });
      expect(await settings.get(mia)).toMatchObject({ language: 'fr', theme: 'light' });
      expect(await settings.update(mia, { theme: 'dark' })).toMatchObject({ language: 'fr', theme: 'dark' });
      await program.update({ language: 'en', theme: 'auto' });
      expect(await settings.get(mia)).toMatchObject({ language: 'en', theme: 'dark' });
      expect(await settings.update(mia, { theme: null })).toMatchObject({ language: 'en', theme: 'auto' });
    });

    test('are one person’s: nobody else has them, or is told', async () => {
      const told: string[] = [];
      settings.onChange((userId) => told.push(userId));
      await settings.update(mia, { language: 'fr', theme: 'dark' });
      await settings.update(alix, { language: 'en' });
      await settings.update(mia, { language: 'fr' });
      expect(await settings.get(mia)).toMatchObject({ language: 'fr', theme: 'dark' });
      expect(await settings.get(alix)).toMatchObject({ language: 'en', theme: 'auto' });
      expect(program.get()).toMatchObject({ language: 'auto', theme: 'auto' });
      expect(told).toEqual([mia.userId, alix.userId, mia.userId]);
    });

    test('consent is no until somebody says yes, and no again when they take it back', async () => {
      expect(await settings.get(mia)).toMatchObject({ trainingConsent: false });
      expect(await settings.update(mia, { trainingConsent: true })).toMatchObject({ trainingConsent: true });
      expect([...(await settings.consenting())]).toEqual([mia.userId]);
      await settings.update(alix, { trainingConsent: false });
      expect(await settings.update(mia, { trainingConsent: null })).toMatchObject({ trainingConsent: false });
      expect([...(await settings.consenting())]).toEqual([]);
    });

    test('what is no such setting is refused, and what the store holds from elsewhere is left aside', async () => {
      for (const change of [{ theme: 'pink' }, { keepContent: false }])
        await expect(settings.update(mia, change as never)).rejects.toMatchObject({
          code: 'invalid_request',
        });
      const { store } = opened;
      await store.write([
        store.db.insertInto('user_settings').values([
          { user_id: mia.userId, key: 'theme', value: 'pink' },
          { user_id: mia.userId, key: 'keepContent', value: 'false' },
        ]),
      ]);
      expect(await settings.get(mia)).toMatchObject({ language: 'auto', theme: 'auto' });
    });
  });
}
