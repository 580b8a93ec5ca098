// Questions that stop a run: rows that outlive the process, exactly one answer each, and the waiting for it.
import type { Compilable, ExpressionBuilder, Selectable } from 'kysely';
import type { Approval, ApprovalAnswer } from '../contracts/agent.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { ToolDefinition, ToolEffect } from '../contracts/tool.ts';
import { newId } from '../lib/ids.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface ApprovalRequest {
  runId: string;
  userId: string;
  conversationId: string | null;
  agent: string;
  call: { toolCallId: string; toolName: string; title: string; effect: ToolEffect; input: unknown };
  rule: string;
  problem: string | null;
}

export interface Approvals {
  /** The question's id and the statement that stores it, for the batch of its event. */
  ask(request: ApprovalRequest): { id: string; statement: Compilable };
  /** Tells that questions have been stored. */
  asked(userId: string): void;
  /** Resolves with the answer, also with one that came while no process waited. Rejects with the signal's reason. */
  answerOf(id: string, signal: AbortSignal): Promise<ApprovalAnswer>;
  list(who: Identity, options: { open: boolean; runId?: string }): Promise<Approval[]>;
  /** @throws AtelierError not_found, conflict, tool_input_invalid */
  respond(who: Identity, id: string, answer: ApprovalAnswer): Promise<Approval>;
  /** Closes what a run that has ended was still asking. */
  withdraw(runId: string, userId: string): Promise<void>;
}

export interface ApprovalsOptions {
  store: Store;
  now: () => number;
  /** The tool whose edited arguments are to be checked. @throws AtelierError tool_not_found */
  toolOf(name: string): ToolDefinition;
  changed(userId: string): void;
  /** How often an answer is looked for that another node of the same store took. */
  pollMs?: number;
}

const toApproval = (row: Selectable<Database['approvals']>): Approval => ({
  id: row.id,
  runId: row.run_id,
  conversationId: row.conversation_id,
  agent: row.agent,
  toolCallId: row.tool_call_id,
  toolName: row.tool_name,
  toolTitle: row.tool_title,
  effect: row.effect as ToolEffect,
  input: JSON.parse(row.input) as unknown,
  rule: row.rule,
  problem: row.problem,
  createdAt: row.created_at,
  answeredAt: row.answered_at,
  decision: row.answer === null ? null : (JSON.parse(row.answer) as ApprovalAnswer).decision,
});

export function createApprovals(options: ApprovalsOptions): Approvals {
  const { store, now, toolOf, changed, pollMs = 2000 } = options;
  const { db } = store;
  const waiting = new Map<string, (answer: ApprovalAnswer) => void>();

  const ofOpenRun = ({ exists, selectFrom }: ExpressionBuilder<Database, 'approvals'>) =>
    exists(
      selectFrom('runs')
        .select('runs.id')
        .whereRef('runs.id', '=', 'approvals.run_id')
        .where('runs.status', '=', 'running'),
    );
  const rowOf = (id: string) =>
    db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst();

  async function answered(id: string): Promise<ApprovalAnswer | null> {
    const row = await rowOf(id);
    if (row === undefined || row.answered_at === null) return null;
    return row.answer === null
      ? { decision: 'no', reason: 'The question was withdrawn.' }
      : (JSON.parse(row.answer) as ApprovalAnswer);
  }

  return {
    ask({ runId, userId, conversationId, agent, call, rule, problem }) {
      const at = now();
      const id = newId('apr', at);
      const statement = db.insertInto('approvals').values({
        id,
        run_id: runId,
        user_id: userId,
        conversation_id: conversationId,
        agent,
        tool_call_id: call.toolCallId,
        tool_name: call.toolName,
        tool_title: call.title,
        effect: call.effect,
        input: JSON.stringify(call.input ?? null),
        rule,
        problem,
        created_at: at,
        answered_at: null,
        answer: null,
      });
      return { id, statement };
    },
    asked: changed,

    answerOf(id, signal) {
      return new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearInterval(timer);
          signal.removeEventListener('abort', stop);
          waiting.delete(id);
          act();
        };
        const stop = () => settle(() => reject(signal.reason));
        const look = () =>
          answered(id).then(
            (answer) => {
              if (answer !== null) settle(() => resolve(answer));
            },
            (error: unknown) => settle(() => reject(error)),
          );
        const timer = setInterval(look, pollMs);
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        waiting.set(id, (answer) => settle(() => resolve(answer)));
        void look();
      });
    },

    async list(who, { open, runId }) {
      let query = db.selectFrom('approvals').selectAll().where('user_id', '=', who.userId);
      // Of a run that has ended nobody waits for the answer, also where a crash kept it from being withdrawn.
      if (open) query = query.where('answered_at', 'is', null).where(ofOpenRun);
      if (runId !== undefined) query = query.where('run_id', '=', runId);
      const rows = await query
        .orderBy('created_at', open ? 'asc' : 'desc')
        .orderBy('id', open ? 'asc' : 'desc')
        .limit(500)
        .execute();
      return rows.map(toApproval);
    },

    async respond(who, id, answer) {
      const row = await rowOf(id);
      if (row === undefined || row.user_id !== who.userId)
        throw new AtelierError('not_found', `There is no approval ${id}.`, { data: { id } });
      const run = await db
        .selectFrom('runs')
        .select('status')
        .where('id', '=', row.run_id)
        .executeTakeFirst();
      if (run?.status !== 'running')
        throw new AtelierError(
          'conflict',
          `The run that asked for the approval ${id} has ended; nothing waits for the answer.`,
          { data: { id, runId: row.run_id } },
        );
      const stored: ApprovalAnswer = { decision: answer.decision };
      if (answer.reason !== undefined && answer.reason.trim() !== '') stored.reason = answer.reason;
      if (answer.decision === 'yes' && answer.input !== undefined) {
        await checkInput(toolOf(row.tool_name), answer.input);
        stored.input = answer.input;
      }
      const at = now();
      const [result] = await store.write([
        db
          .updateTable('approvals')
          .set({ answered_at: at, answer: JSON.stringify(stored) })
          .where('id', '=', id)
          .where('answered_at', 'is', null),
      ]);
      if (result?.affected !== 1) {
        throw new AtelierError('conflict', `The approval ${id} has been answered already.`, { data: { id } });
      }
      waiting.get(id)?.(stored);
      changed(who.userId);
      return { ...toApproval(row), answeredAt: at, decision: stored.decision };
    },

    async withdraw(runId, userId) {
      const [result] = await store.write([
        db
          .updateTable('approvals')
          .set({ answered_at: now() })
          .where('run_id', '=', runId)
          .where('answered_at', 'is', null),
      ]);
      if ((result?.affected ?? 0) > 0) changed(userId);
    },
  };
}

async function checkInput(tool: ToolDefinition, input: unknown): Promise<void> {
  const checked = await tool.inputSchema.validate(input);
  if ('value' in checked) return;
  const faults = checked.faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  throw new AtelierError(
    'tool_input_invalid',
    `These arguments do not fit ${tool.name}: ${faults.join('; ')}.`,
    {
      data: { tool: tool.name, faults: checked.faults },
    },
  );
}
