// What kept prompts do on every store.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPrompts } from '../../src/apps/prompts/create-prompts.ts';
import type { Prompts } from '../../src/apps/prompts/prompts.ts';
import { type Identity, localIdentity, type Role } from '../../src/contracts/identity.ts';
import type { PromptBody } from '../../src/contracts/prompt.ts';
import type { TestStore } from '../open-test-store.ts';

const who = localIdentity;
const as = (role: Role): Identity => ({ userId: 'local', role });
const body = (text: string): PromptBody => ({
  messages: [
    { role: 'system', text: 'Write in {{ language }}.' },
    { role: 'user', text },
  ],
  model: null,
  parameters: { temperature: 0.2 },
});

export function promptsSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`prompts on ${name}`, () => {
    let opened: TestStore;
    let prompts: Prompts;
    let clock = 1000;
    beforeEach(async () => {
      opened = await open();
      prompts = createPrompts({ store: opened.store, now: () => clock++ });
    });
    afterEach(() => opened.dispose());

    const make = (promptName = 'letter', text = 'Answer {{mail}} in {{language}}') =>
      prompts.create(who, { name: promptName, description: 'A reply', body: body(text), note: 'first' });

    test('a version is added and none is changed', async () => {
      const made = await make();
      expect(made).toMatchObject({ name: 'letter', versions: 1, labels: {}, description: 'A reply' });
      expect(made.latest).toMatchObject({ version: 1, note: 'first', variables: ['language', 'mail'] });
      const later = await prompts.addVersion(who, 'letter', { body: body('Only {{mail}}'), note: 'shorter' });
      expect(later).toMatchObject({ versions: 2, latest: { version: 2, note: 'shorter' } });
      expect(await prompts.version(who, made.id, 1)).toEqual(made.latest);
      expect((await prompts.versions(who, 'letter')).map(({ version }) => version)).toEqual([2, 1]);
    });

    test('versions that are added together get numbers of their own', async () => {
      await make();
      await Promise.all(
        ['a', 'b', 'c', 'd'].map((text) =>
          prompts.addVersion(who, 'letter', { body: body(text), note: text }),
        ),
      );
      expect((await prompts.versions(who, 'letter')).map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    });

    test('a label stands on one version and moves', async () => {
      await make();
      await prompts.addVersion(who, 'letter', { body: body('two'), note: '' });
      await prompts.setLabel(who, 'letter', 'production', 1);
      expect((await prompts.setLabel(who, 'letter', 'staging', 2)).labels).toEqual({
        production: 1,
        staging: 2,
      });
      expect((await prompts.setLabel(who, 'letter', 'production', 2)).labels.production).toBe(2);
      expect((await prompts.removeLabel(who, 'letter', 'staging')).labels).toEqual({ production: 2 });
      await expect(prompts.setLabel(who, 'letter', 'production', 9)).rejects.toMatchObject({
        code: 'not_found',
        data: { versions: [1, 2] },
      });
      await expect(prompts.setLabel(who, 'letter', 'latest', 1)).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    test('what a call sends: production, else the newest, or what was asked for', async () => {
      await make('letter', 'one {{mail}}');
      await prompts.addVersion(who, 'letter', { body: body('two {{mail}}'), note: '' });
      const values = { language: 'French', mail: 'Bonjour $& $1' };
      const textOf = async (choice: object) =>
        (await prompts.resolve(who, 'letter', choice, values)).messages[1]?.text;
      expect(await textOf({})).toBe('two Bonjour $& $1');
      await prompts.setLabel(who, 'letter', 'production', 1);
      expect(await textOf({})).toBe('one Bonjour $& $1');
      expect(await textOf({ label: 'latest' })).toBe('two Bonjour $& $1');
      expect(await textOf({ label: 'production' })).toBe('one Bonjour $& $1');
      expect(await textOf({ version: 2 })).toBe('two Bonjour $& $1');
      expect(await prompts.resolve(who, 'letter', {}, values)).toMatchObject({
        name: 'letter',
        version: 1,
        model: null,
        parameters: { temperature: 0.2 },
        messages: [{ role: 'system', text: 'Write in French.' }, {}],
      });
    });

    test('what is missing is named', async () => {
      await make();
      await expect(prompts.resolve(who, 'letter', {}, { language: 'French' })).rejects.toMatchObject({
        code: 'invalid_request',
        data: { missing: ['mail'] },
      });
      await expect(prompts.resolve(who, 'lettre', {}, {})).rejects.toMatchObject({
        code: 'not_found',
        data: { names: ['letter'] },
      });
      await expect(prompts.resolve(who, 'letter', { label: 'staging' }, {})).rejects.toMatchObject({
        code: 'not_found',
        data: { labels: [] },
      });
    });

    test('a name is one prompt, renamed, hidden and brought back', async () => {
      const made = await make();
      await expect(make()).rejects.toMatchObject({ code: 'conflict', data: { name: 'letter' } });
      await make('other');
      await expect(prompts.update(who, 'other', { name: 'letter' })).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await prompts.update(who, made.id, { name: 'mail', description: '' })).toMatchObject({
        name: 'mail',
        description: '',
      });
      await prompts.remove(who, 'mail');
      expect((await prompts.list(who)).map((one) => one.name)).toEqual(['other']);
      await expect(prompts.get(who, 'mail')).rejects.toMatchObject({ code: 'not_found' });
      await make('mail');
      await expect(prompts.restore(who, made.id)).rejects.toMatchObject({ code: 'conflict' });
      await prompts.remove(who, 'mail');
      expect(await prompts.restore(who, made.id)).toMatchObject({ id: made.id, name: 'mail', versions: 1 });
    });

    test('is found by its name, its description and its labels', async () => {
      await make('letter');
      await prompts.create(who, { name: 'tidy', description: 'Cleans a table', body: body('x'), note: '' });
      await prompts.setLabel(who, 'tidy', 'staging', 1);
      const found = async (query: string) => (await prompts.list(who, { query })).map((one) => one.name);
      expect(await found('TABLE')).toEqual(['tidy']);
      expect(await found('stag')).toEqual(['tidy']);
      expect(await found('lett')).toEqual(['letter']);
    });

    test('everybody reads, admins and builders change', async () => {
      await make();
      for (const role of ['member', 'auditor'] as const) {
        expect(await prompts.get(as(role), 'letter')).toMatchObject({ name: 'letter' });
        const changes: (() => Promise<unknown>)[] = [
          () => prompts.create(as(role), { name: 'b', description: '', body: body('x'), note: '' }),
          () => prompts.update(as(role), 'letter', { description: 'x' }),
          () => prompts.remove(as(role), 'letter'),
          () => prompts.restore(as(role), 'letter'),
          () => prompts.addVersion(as(role), 'letter', { body: body('x'), note: '' }),
          () => prompts.setLabel(as(role), 'letter', 'production', 1),
          () => prompts.removeLabel(as(role), 'letter', 'production'),
        ];
        for (const change of changes) await expect(change()).rejects.toMatchObject({ code: 'forbidden' });
      }
      await expect(
        prompts.addVersion(as('builder'), 'letter', { body: body('x'), note: '' }),
      ).resolves.toMatchObject({ versions: 2 });
    });

    test('what was hidden long ago is deleted with its versions', async () => {
      const made = await make();
      await make('kept');
      await prompts.remove(who, 'letter');
      expect(await prompts.purge(clock)).toBe(1);
      await expect(prompts.restore(who, made.id)).rejects.toMatchObject({ code: 'not_found' });
      const left = await opened.store.db.selectFrom('prompt_versions').select('prompt_id').execute();
      expect(left).toHaveLength(1);
    });
  });
}
