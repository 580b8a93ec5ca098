// Agents of several people on any store: what an admin or a builder makes is everybody's to run, as whoever runs it, and
// theirs or an admin's to change.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ASSISTANT } from '../../src/agent/builtin-agents.ts';
import { agentInputSchema } from '../../src/contracts/agent.ts';
import { type Identity, localIdentity, type Role } from '../../src/contracts/identity.ts';
import { openAgents, type TestAgents, user } from '../open-agents.ts';
import { openKnowledge, type TestKnowledge } from '../open-knowledge.ts';
import type { TestStore } from '../open-test-store.ts';

const alix = localIdentity;
const bea: Identity = { userId: 'user_bea', role: 'builder' };
const carl: Identity = { userId: 'user_carl', role: 'builder' };
const mia: Identity = { userId: 'user_mia', role: 'member' };

export function sharedAgentsSuite(store: string, open: () => Promise<TestStore>): void {
  describe(`agents of several people on ${store}`, () => {
    let opened: TestStore;
    let library: TestKnowledge;
    let lab: TestAgents;
    beforeEach(async () => {
      opened = await open();
      const { db } = opened.store;
      const people = [
        { ...bea, name: 'Bea' },
        { ...carl, name: 'Carl' },
        { ...mia, name: 'Mia' },
      ].map(({ userId, role, name }) => ({ id: userId, name, role, created_at: 1 }));
      await opened.store.write([db.insertInto('users').values(people)]);
      library = await openKnowledge(opened.store);
      lab = await openAgents(opened.store, opened.dataDir, { knowledge: library.knowledge });
    });
    afterEach(async () => {
      await lab.close();
      await library.close();
      await opened.dispose();
    });

    const make = (who: Identity, name: string, more: object = {}) =>
      lab.agents.create(
        who,
        agentInputSchema.parse({ name, title: name, model: 'scripted/script', planning: false, ...more }),
      );
    const names = async (who: Identity) => (await lab.agents.list(who)).map(({ name }) => name);
    const setRole = (who: Identity, role: Role) =>
      opened.store.write([opened.store.db.updateTable('users').set({ role }).where('id', '=', who.userId)]);
    const run = async (who: Identity, name: string, text: string) => {
      const agent = await lab.agents.get(who, name);
      const { id } = await lab.agents.start(who, {
        agent,
        prompt: [user(text)],
        knowledge: [],
        source: 'api',
      });
      const events = [];
      for await (const { event } of lab.runs.watch(id, who.userId, 0)) events.push(event);
      return { id, events, finish: events.find((event) => event.type === 'run-finish') };
    };

    test('an admin who removed another’s agent brings it back as theirs; its maker cannot take the id', async () => {
      const { id } = await make(bea, 'clerk');
      await lab.agents.remove(alix, id);
      const input = agentInputSchema.parse({ name: 'clerk', title: 'Clerk' });
      for (const who of [bea, carl, { ...alix, role: 'builder' as const }])
        await expect(lab.agents.create(who, input, id)).rejects.toMatchObject({ code: 'not_found' });
      const [first, second] = await Promise.allSettled([
        lab.agents.create(alix, input, id),
        lab.agents.create(alix, { ...input, name: 'twin' }, id),
      ]);
      expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
      expect((await lab.agents.get(carl, id)).madeBy).toEqual({ id: bea.userId, name: 'Bea' });
    });

    test('what a builder made is everybody’s to find, with the name of who made it', async () => {
      const { id } = await make(bea, 'clerk');
      for (const who of [alix, bea, carl, mia]) {
        expect(await names(who)).toEqual([ASSISTANT, 'researcher', 'clerk']);
        expect(await lab.agents.get(who, 'clerk')).toMatchObject({
          id,
          madeBy: { id: bea.userId, name: 'Bea' },
        });
        expect((await lab.agents.get(who, id)).name).toBe('clerk');
      }
      expect((await lab.agents.house()).map(({ name }) => name)).toEqual([ASSISTANT, 'researcher', 'clerk']);
    });

    test('who runs it is whoever calls: the run and its trace are theirs alone', async () => {
      await make(bea, 'clerk');
      const { id, finish } = await run(mia, 'clerk', '#text Bonjour');
      expect(finish).toMatchObject({ status: 'complete' });
      expect((await lab.agents.runs(mia, { agent: 'clerk', limit: 9 })).map((one) => one.id)).toEqual([id]);
      expect(await lab.agents.runs(bea, { agent: 'clerk', limit: 9 })).toEqual([]);
      await expect(lab.runs.get(id, bea.userId)).rejects.toMatchObject({ code: 'not_found' });
      await lab.ledger.flush();
      const of = async (who: Identity) =>
        (await lab.ledger.listTraces({ limit: 9 }, who.userId)).traces.length;
      expect([await of(mia), await of(bea)]).toEqual([1, 0]);
    });

    test('it is changed and removed by who made it and by an admin', async () => {
      const { id } = await make(bea, 'clerk');
      for (const who of [carl, mia]) {
        const refused = { code: 'forbidden', message: expect.stringContaining('made by Bea') };
        await expect(lab.agents.update(who, id, { title: 'x' })).rejects.toMatchObject(refused);
        await expect(lab.agents.remove(who, 'clerk')).rejects.toMatchObject(refused);
      }
      expect((await lab.agents.update(alix, id, { title: 'By Alix' })).madeBy?.name).toBe('Bea');
      expect((await lab.agents.update(bea, id, { name: 'scribe' })).title).toBe('By Alix');
      await lab.agents.remove(alix, 'scribe');
      await expect(lab.agents.get(bea, id)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('what somebody made who builds no longer is theirs alone', async () => {
      const { id } = await make(bea, 'clerk');
      await setRole(bea, 'member');
      expect(await names(bea)).toContain('clerk');
      for (const who of [alix, carl, mia]) {
        expect(await names(who)).not.toContain('clerk');
        for (const way of ['clerk', id]) {
          const hidden = { code: 'not_found', message: `There is no agent ${way}.` };
          await expect(lab.agents.get(who, way)).rejects.toMatchObject(hidden);
          await expect(lab.agents.update(who, way, { title: 'x' })).rejects.toMatchObject(hidden);
          await expect(lab.agents.remove(who, way)).rejects.toMatchObject(hidden);
        }
      }
      expect(await lab.agents.house('clerk')).toEqual([]);
    });

    test('a name is one agent to everybody; where two have it, one’s own comes first', async () => {
      await make(bea, 'clerk');
      await expect(make(carl, 'clerk')).rejects.toMatchObject({ code: 'conflict' });
      const other = await make(carl, 'scribe');
      await expect(lab.agents.update(carl, other.id, { name: 'clerk' })).rejects.toMatchObject({
        code: 'conflict',
      });
      // Two of one name come about when a role changes.
      await setRole(bea, 'member');
      const second = await make(carl, 'clerk');
      await setRole(bea, 'builder');
      expect((await lab.agents.get(carl, 'clerk')).id).toBe(second.id);
      expect((await lab.agents.get(bea, 'clerk')).madeBy?.name).toBe('Bea');
      expect((await lab.agents.get(mia, 'clerk')).madeBy?.name).toBe('Bea');
      expect((await lab.agents.house()).filter(({ name }) => name === 'clerk')).toHaveLength(1);
    });

    test('a collection that whoever calls may not read is an error that says so, and gives nothing away', async () => {
      const { id } = await library.knowledge.createCollection(alix, { name: 'Payroll' });
      await library.addTexts(id, { 'pay.txt': 'The director earns 9000 euros.' });
      await make(alix, 'clerk', { knowledge: [id] });
      const ask = '#tool search_knowledge {"query":"director earns"}\n#step\n#text done';
      const own = await run(alix, 'clerk', ask);
      expect(JSON.stringify(own.events)).toContain('9000');
      const { events, finish } = await run(mia, 'clerk', ask);
      expect(finish).toMatchObject({
        status: 'failed',
        error: {
          code: 'forbidden',
          message: expect.stringContaining(`the collection ${id}, which you may not read`),
        },
      });
      expect(JSON.stringify(events)).not.toMatch(/9000|Payroll|pay\.txt/);
    });
  });
}
