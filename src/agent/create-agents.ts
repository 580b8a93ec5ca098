// Agents of the people and of the house: their definitions, the runs outside conversations, and the approvals that runs
// wait for. Who runs an agent is whoever calls, whoever made it.

import {
  type Agent,
  type AgentInput,
  agentInputSchema,
  type PlanItem,
  planItemSchema,
} from '../contracts/agent.ts';
import { AtelierError, isAtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { RunEvent } from '../contracts/run.ts';
import { createEmitter } from '../lib/emitter.ts';
import { newId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { checkChosen, checkMayRun } from '../models/check-scope.ts';
import { notAChatModel } from '../models/not-a-chat-model.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { Store } from '../store/store.ts';
import { houseRows, rowsFor, toAgent } from './agent-rows.ts';
import { agentScope } from './agent-scope.ts';
import type { Agents, WorkOrder } from './agents.ts';
import type { Approvals } from './approvals.ts';
import { builtinAgents } from './builtin-agents.ts';
import type { AgentRunners } from './create-agent-runner.ts';
import { createRemovedAgents } from './removed-agents.ts';
import type { RunLog, RunWriter } from './run-log.ts';
import { toRun } from './run-rows.ts';
import { noAgent } from './runnable-agent.ts';

export interface AgentsOptions {
  store: Store;
  runs: RunLog;
  registry: Pick<ModelRegistry, 'resolve' | 'plan'>;
  runner: AgentRunners;
  approvals: Approvals;
  log: Log;
  now?: () => number;
}

type Change = { userId: string; what: 'agents' | 'approvals' };

export const AGENT_RUN = 'agent';

function checked(input: unknown): AgentInput {
  const parsed = agentInputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AtelierError('invalid_request', `This is no agent: ${faults.join(' | ')}`, { data: { faults } });
}

export function createAgents(
  options: AgentsOptions,
): Agents & { /** For `createApprovals`. */ approvalsChanged(userId: string): void } {
  const { store, runs, registry, runner, approvals, log, now = Date.now } = options;
  const { db } = store;
  const changes = createEmitter<Change>((error) =>
    log.error('a listener of the agents failed', { error: String(error) }),
  );
  const background = new Set<Promise<void>>();
  const removed = createRemovedAgents(store, now);

  async function get(who: Identity, idOrName: string): Promise<Agent> {
    const row = await rowsFor(db, who)
      .where((eb) => eb.or([eb('agents.id', '=', idOrName), eb('agents.name', '=', idOrName)]))
      .executeTakeFirst();
    if (row !== undefined) return toAgent(row);
    const found = builtinAgents.find(({ id, name }) => id === idOrName || name === idOrName);
    if (found !== undefined) return found;
    throw noAgent(idOrName);
  }

  /** @throws AtelierError not_found, forbidden for one that Atelier brings or that somebody else made */
  async function changeable(who: Identity, id: string): Promise<Agent> {
    const agent = await get(who, id);
    const { name, madeBy } = agent;
    if (madeBy === null)
      throw new AtelierError(
        'forbidden',
        `The agent ${name} comes with Atelier and cannot be changed. Copy it under another name.`,
        { data: { id, name } },
      );
    if (madeBy.id === who.userId || who.role === 'admin') return agent;
    throw new AtelierError(
      'forbidden',
      `The agent ${name} was made by ${madeBy.name}: they or an admin may change it. Copy it under another name.`,
      { data: { id, name, madeBy: madeBy.name } },
    );
  }

  /** One name means one agent to everybody who sees it, wherever that can be had. */
  async function nameIsFree(who: Identity, name: string): Promise<void> {
    const found = await get(who, name).catch((error: unknown) => {
      if (isAtelierError(error) && error.code === 'not_found') return null;
      throw error;
    });
    if (found !== null) throw taken(name);
  }
  const taken = (name: string) =>
    new AtelierError('conflict', `There is an agent ${name} already. Choose another name.`, {
      data: { name },
    });

  /** @throws AtelierError not_found: another's id is never given, nor one that was not removed */
  async function removedBy(who: Identity, id: string) {
    const found = await removed.find(who.userId, id);
    if (found !== null && (found.maker === who.userId || who.role === 'admin')) return found;
    throw new AtelierError(
      'not_found',
      `You removed no agent ${id} within the last minutes. Make it as a new one, without \`restores\`.`,
      { data: { id } },
    );
  }

  async function storeNamed(name: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      throw isAtelierError(thrown) && thrown.code === 'conflict' ? taken(name) : thrown;
    }
  }

  /** Never rejects. */
  async function work(order: WorkOrder, writer: RunWriter): Promise<void> {
    const finish = await runner.run(order, writer, (event: RunEvent) => writer.append(event));
    try {
      if (finish.status === 'interrupted') await writer.leave();
      else await writer.finish(finish, []);
    } catch (thrown) {
      const { code, message } = toAtelierError(thrown);
      log.error('the end of a run could not be stored', { run: writer.id, code, message });
    }
  }

  function inBackground(promise: Promise<void>): void {
    background.add(promise);
    promise.finally(() => background.delete(promise));
  }

  return {
    async list(who) {
      const rows = await rowsFor(db, who).clearOrderBy().orderBy('agents.name').execute();
      return [...builtinAgents, ...rows.map(toAgent)];
    },
    async house(name) {
      const all = houseRows(db);
      const rows = await (name === undefined ? all : all.where('agents.name', '=', name)).execute();
      const found = [...builtinAgents, ...rows.map(toAgent)];
      return found.filter(
        (agent, at) =>
          (name === undefined || agent.name === name) &&
          found.findIndex((other) => other.name === agent.name) === at,
      );
    },
    get,

    async create(who, input, restores) {
      const { name, ...definition } = checked(input);
      const back = restores === undefined ? null : await removedBy(who, restores);
      await nameIsFree(who, name);
      const at = now();
      const id = restores ?? newId('agt', at);
      const row = {
        id,
        user_id: back?.maker ?? who.userId,
        name,
        definition: JSON.stringify(definition),
        created_at: back?.createdAt ?? at,
        updated_at: at,
      };
      await storeNamed(name, () =>
        store.write([
          ...(back === null ? [] : [removed.forget(who.userId, id)]),
          db.insertInto('agents').values(row),
        ]),
      );
      changes.emit({ userId: who.userId, what: 'agents' });
      return get(who, id);
    },

    async update(who, id, input) {
      const {
        id: rowId,
        source: _source,
        madeBy,
        createdAt: _created,
        updatedAt: _updated,
        ...before
      } = await changeable(who, id);
      const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const { name, ...definition } = checked({ ...before, ...given });
      if (name !== before.name) await nameIsFree(who, name);
      await storeNamed(name, () =>
        store.write([
          db
            .updateTable('agents')
            .set({ name, definition: JSON.stringify(definition), updated_at: now() })
            .where('id', '=', rowId)
            .where('user_id', '=', madeBy?.id ?? who.userId),
        ]),
      );
      changes.emit({ userId: who.userId, what: 'agents' });
      return get(who, rowId);
    },

    async remove(who, id) {
      const agent = await changeable(who, id);
      const maker = agent.madeBy?.id ?? who.userId;
      await store.write([
        db.deleteFrom('agents').where('id', '=', agent.id).where('user_id', '=', maker),
        ...(await removed.note(who.userId, agent.id, { maker, createdAt: agent.createdAt })),
      ]);
      changes.emit({ userId: who.userId, what: 'agents' });
    },

    async start(who, { source, parent, ...given }) {
      checkMayRun(who, agentScope(given.agent.name));
      const order: WorkOrder = {
        ...given,
        context: { identity: who, source, ...(parent === undefined ? {} : { parent }) },
      };
      const model = order.model ?? order.agent.model;
      if (model !== order.agent.model) await checkChosen(registry, who, model);
      // What is known now is refused now; a model that is still being fetched is waited for.
      const info = await registry.resolve(model).then(
        (resolved) => resolved.info,
        (thrown: unknown) => {
          if (isAtelierError(thrown) && thrown.code === 'model_loading') return null;
          throw thrown;
        },
      );
      if (info !== null && info.kind !== 'chat') throw notAChatModel(info);
      const id = newId('run', now());
      const writer = await runs.start(
        {
          id,
          kind: AGENT_RUN,
          userId: who.userId,
          conversationId: null,
          messageId: null,
          agent: order.agent.name,
          workOrder: order,
        },
        [],
      );
      writer.append({
        type: 'run-start',
        messageId: '',
        model: info?.id ?? model,
        place: info?.place ?? null,
      });
      inBackground(work(order, writer));
      return runs.get(id, who.userId);
    },

    async runs(who, { agent, limit }) {
      let query = db
        .selectFrom('runs')
        .selectAll()
        .where('user_id', '=', who.userId)
        .where('agent', 'is not', null);
      if (agent !== undefined) query = query.where('agent', '=', (await get(who, agent)).name);
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toRun);
    },

    async setPlan(who, runId, items: PlanItem[]) {
      const plan = planItemSchema.array().max(50).parse(items);
      const run = runner.live(runId);
      if (run?.userId === who.userId) {
        run.setPlan(plan);
        return;
      }
      const { status } = await runs.get(runId, who.userId);
      throw new AtelierError(
        'conflict',
        status === 'running'
          ? `The run ${runId} is not being worked on by this process; try again shortly.`
          : `The run ${runId} has ended; its plan can no longer be changed.`,
        { data: { runId, status }, retryable: status === 'running' },
      );
    },

    approvals: approvals.list,
    respond: approvals.respond,
    approvalsChanged: (userId) => changes.emit({ userId, what: 'approvals' }),

    async recover() {
      let adopted = 0;
      for (const run of await runs.orphans()) {
        if (run.kind !== AGENT_RUN) continue;
        try {
          const order = (await runs.workOrder(run.id)) as WorkOrder | null;
          const writer = await runs.adopt(run.id);
          adopted += 1;
          if (order !== null) inBackground(work(order, writer));
          else
            await writer.finish(
              { type: 'run-finish', status: 'interrupted', receipt: null, error: null },
              [],
            );
        } catch (thrown) {
          const { code, message } = toAtelierError(thrown);
          // Another program on the same store was quicker.
          if (code === 'conflict') continue;
          log.error('a run could not be taken up', { run: run.id, code, message });
        }
      }
      return adopted;
    },
    onChange: changes.on,
    async close() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
