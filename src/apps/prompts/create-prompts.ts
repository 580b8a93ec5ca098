// Prompts on the store: names, versions that are only ever added, labels that move.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import {
  fillPrompt,
  type PromptBody,
  type PromptChoice,
  type PromptVersion,
} from '../../contracts/prompt.ts';
import { newId } from '../../lib/ids.ts';
import type { Store } from '../../store/store.ts';
import { createPromptRows, type PromptRow } from './prompt-rows.ts';
import type { Prompts } from './prompts.ts';

/** The newest version answers to it; no label can be called so. */
const LATEST = 'latest';
const STANDARD_LABEL = 'production';
/** How often a version is numbered anew when somebody else was quicker. */
const NUMBER_TRIES = 5;

function mayChange({ role }: Identity): void {
  if (role === 'admin' || role === 'builder') return;
  throw new AtelierError(
    'forbidden',
    `The role ${role} may read prompts and not change them. Ask an admin or a builder.`,
    {
      data: { role, needs: ['admin', 'builder'] },
    },
  );
}

const taken = (name: string) =>
  new AtelierError(
    'conflict',
    `There is a prompt ${name} already. Choose another name, or add a version to it.`,
    {
      data: { name },
    },
  );

export function createPrompts({ store, now = Date.now }: { store: Store; now?: () => number }): Prompts {
  const { db } = store;
  const rows = createPromptRows(store);

  const touch = (id: string) => db.updateTable('prompts').set({ updated_at: now() }).where('id', '=', id);
  const versionRow = (promptId: string, version: number, body: PromptBody, note: string, who: Identity) =>
    db.insertInto('prompt_versions').values({
      prompt_id: promptId,
      version,
      body: JSON.stringify(body),
      note,
      user_id: who.userId,
      created_at: now(),
    });

  async function named(name: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      throw isAtelierError(thrown) && thrown.code === 'conflict' ? taken(name) : thrown;
    }
  }

  async function addVersion(prompt: PromptRow, body: PromptBody, note: string, who: Identity): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const number = (await rows.newest(prompt.id)) + 1;
      try {
        await store.write([versionRow(prompt.id, number, body, note, who), touch(prompt.id)]);
        return;
      } catch (thrown) {
        if (!isAtelierError(thrown) || thrown.code !== 'conflict' || attempt === NUMBER_TRIES) throw thrown;
      }
    }
  }

  async function chosen(prompt: PromptRow, { version, label }: PromptChoice): Promise<PromptVersion> {
    if (version !== undefined) return rows.version(prompt, version);
    if (label === LATEST) return rows.version(prompt, await rows.newest(prompt.id));
    const labels = await rows.labels(prompt.id);
    const wanted = label ?? STANDARD_LABEL;
    const at = Object.hasOwn(labels, wanted) ? labels[wanted] : undefined;
    if (at !== undefined) return rows.version(prompt, at);
    if (label === undefined) return rows.version(prompt, await rows.newest(prompt.id));
    const there = Object.keys(labels);
    throw new AtelierError(
      'not_found',
      `The prompt ${prompt.name} has no label ${label}; it has ${there.length > 0 ? there.join(', ') : 'none'}. \`latest\` is always the newest version.`,
      { data: { name: prompt.name, label, labels: there } },
    );
  }

  return {
    list: (_who, { query } = {}) => rows.list(query),
    async get(_who, idOrName) {
      return rows.whole(await rows.find(idOrName));
    },

    async create(who, { name, description, body, note }) {
      mayChange(who);
      const at = now();
      const id = newId('prompt', at);
      await named(name, () =>
        store.write([
          db.insertInto('prompts').values({
            id,
            user_id: who.userId,
            name,
            description,
            created_at: at,
            updated_at: at,
            deleted_at: null,
          }),
          versionRow(id, 1, body, note, who),
        ]),
      );
      return rows.whole(await rows.find(id));
    },

    async update(who, idOrName, { name, description }) {
      mayChange(who);
      const prompt = await rows.find(idOrName);
      const set = {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        updated_at: now(),
      };
      await named(name ?? prompt.name, () =>
        store.write([db.updateTable('prompts').set(set).where('id', '=', prompt.id)]),
      );
      return rows.whole(await rows.find(prompt.id));
    },

    async remove(who, idOrName) {
      mayChange(who);
      const prompt = await rows.find(idOrName);
      const whole = await rows.whole(prompt);
      await store.write([db.updateTable('prompts').set({ deleted_at: now() }).where('id', '=', prompt.id)]);
      return whole;
    },

    async restore(who, id) {
      mayChange(who);
      const prompt = await rows.findHidden(id);
      await named(prompt.name, () =>
        store.write([
          db.updateTable('prompts').set({ deleted_at: null, updated_at: now() }).where('id', '=', prompt.id),
        ]),
      );
      return rows.whole(await rows.find(prompt.id));
    },

    async versions(_who, idOrName) {
      return rows.versions(await rows.find(idOrName));
    },
    async version(_who, idOrName, version) {
      return rows.version(await rows.find(idOrName), version);
    },

    async addVersion(who, idOrName, { body, note }) {
      mayChange(who);
      const prompt = await rows.find(idOrName);
      await addVersion(prompt, body, note, who);
      return rows.whole(await rows.find(prompt.id));
    },

    async setLabel(who, idOrName, label, version) {
      mayChange(who);
      if (label === LATEST)
        throw new AtelierError(
          'invalid_request',
          'label: `latest` always is the newest version; choose another word.',
          {
            data: { param: 'label', label },
          },
        );
      const prompt = await rows.find(idOrName);
      await rows.version(prompt, version);
      const row = { prompt_id: prompt.id, label, version, updated_at: now() };
      await store.write([
        db
          .insertInto('prompt_labels')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['prompt_id', 'label']).doUpdateSet({ version, updated_at: row.updated_at }),
          ),
        touch(prompt.id),
      ]);
      return rows.whole(await rows.find(prompt.id));
    },

    async removeLabel(who, idOrName, label) {
      mayChange(who);
      const prompt = await rows.find(idOrName);
      await store.write([
        db.deleteFrom('prompt_labels').where('prompt_id', '=', prompt.id).where('label', '=', label),
        touch(prompt.id),
      ]);
      return rows.whole(await rows.find(prompt.id));
    },

    async resolve(_who, idOrName, choice, variables) {
      const prompt = await rows.find(idOrName);
      const { version, messages, model, parameters } = await chosen(prompt, choice);
      const filled = fillPrompt(messages, variables);
      if (filled.missing.length > 0)
        throw new AtelierError(
          'invalid_request',
          `The prompt ${prompt.name} (version ${version}) has no value for ${filled.missing.join(', ')}. Send it in \`variables\`.`,
          { data: { param: 'variables', name: prompt.name, version, missing: filled.missing } },
        );
      return { id: prompt.id, name: prompt.name, version, messages: filled.messages, model, parameters };
    },

    async purge(before) {
      const [result] = await store.write([db.deleteFrom('prompts').where('deleted_at', '<', before)]);
      return result?.affected ?? 0;
    },
  };
}
