// The agents' contract: their definitions, their runs (an event log like any answer), and the approvals they wait for.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Agent, AgentInput, Approval, ApprovalAnswer, PlanItem } from '../contracts/agent.ts';
import type { Identity } from '../contracts/identity.ts';
import type { ModelInfo, Parameters } from '../contracts/model.ts';
import type { Run, RunEvent } from '../contracts/run.ts';
import type { CallContext } from '../models/model-call.ts';
import type { RunWriter } from './run-log.ts';

/** Everything that a run needs; it is stored with the run, so that another process can continue it. */
export interface WorkOrder {
  agent: Agent;
  /** Without the system message: the conversation so far, the person's message last. */
  prompt: LanguageModelV4Prompt;
  /** A model for this run only. */
  model?: string;
  parameters?: Parameters;
  /** Collections beside the agent's own. */
  knowledge: readonly string[];
  context: Pick<CallContext, 'identity' | 'source' | 'conversationId' | 'parent'>;
}

export type RunFinish = Extract<RunEvent, { type: 'run-finish' }>;

export interface AgentRunner {
  /**
   * Writes the run's events (but its `run-start` and `run-finish`) until the answer is there; waits for approvals inside.
   * What an earlier process has written of it is taken up: no tool call that had an effect runs again.
   * Never rejects: any failure is an end. The caller writes the finish with its own rows; when the status is
   * `interrupted` because the program stops, it calls `writer.leave()` instead, and the next process goes on.
   */
  run(order: WorkOrder, writer: RunWriter, append: (event: RunEvent) => void): Promise<RunFinish>;
  /** Tokens of its first step; null where the model cannot count. */
  count(order: WorkOrder, model: ModelInfo): Promise<number | null>;
}

export interface Agents {
  /** Those that Atelier brings, then one's own and those that an admin or a builder made, by name. */
  list(who: Identity): Promise<Agent[]>;
  /** Those that are everybody's to run, one a name; only the one of a name when it is given. */
  house(name?: string): Promise<Agent[]>;
  /** By id or name, one's own first. @throws AtelierError not_found, also for another person's that is not of the house */
  get(who: Identity, idOrName: string): Promise<Agent>;
  /**
   * `restores`: the id of one that the same person removed a moment ago; it comes back under it, as its maker's.
   * @throws AtelierError invalid_request, conflict (the name is taken), not_found (nothing to restore)
   */
  create(who: Identity, input: AgentInput, restores?: string): Promise<Agent>;
  /** Of one's own, or of anybody's as an admin. @throws AtelierError not_found, forbidden, invalid_request, conflict */
  update(who: Identity, id: string, input: Partial<AgentInput>): Promise<Agent>;
  /** The same. @throws AtelierError not_found, forbidden */
  remove(who: Identity, id: string): Promise<void>;

  /** A run outside a conversation; watch it through the run log. */
  start(
    who: Identity,
    order: Omit<WorkOrder, 'context'> & { source: string; parent?: CallContext['parent'] },
  ): Promise<Run>;
  /** Runs of agents, newest first, in and outside conversations. */
  runs(who: Identity, options: { agent?: string; limit: number }): Promise<Run[]>;
  /** A person's change of the plan of a run that is under way. @throws AtelierError not_found, conflict when it has ended */
  setPlan(who: Identity, runId: string, items: PlanItem[]): Promise<void>;

  approvals(who: Identity, options: { open: boolean; runId?: string }): Promise<Approval[]>;
  /**
   * Stored before it resolves; the run goes on. A second answer is refused.
   * @throws AtelierError not_found, conflict, tool_input_invalid (edited arguments that do not fit)
   */
  respond(who: Identity, approvalId: string, answer: ApprovalAnswer): Promise<Approval>;
  /** Takes up the runs outside conversations that an earlier process left. */
  recover(): Promise<number>;
  onChange(listener: (change: { userId: string; what: 'agents' | 'approvals' }) => void): () => void;
  close(): Promise<void>;
}
