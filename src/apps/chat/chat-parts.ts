// What the pieces of the chat application share: the parts that it is built from, and its own bookkeeping.
import type { AgentRunner, Agents } from '../../agent/agents.ts';
import type { GroundedAnswers } from '../../agent/answer-from-knowledge.ts';
import type { RunLog } from '../../agent/run-log.ts';
import type { Log } from '../../lib/log.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import type { Store } from '../../store/store.ts';

export interface ChatParts {
  store: Store;
  runs: RunLog;
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  /** Null in a program without agents. */
  agents: Pick<Agents, 'get'> | null;
  runner: AgentRunner | null;
  /** Null in a program without knowledge. */
  answers: GroundedAnswers | null;
  log: Log;
  now: () => number;
  /** Conversations that are being answered by this process. */
  busy: Set<string>;
  /** Tells listeners of a changed conversation; `list`: the list shows it too. */
  changed(userId: string, conversationId: string, list: boolean): void;
  /** Keeps work that nobody awaits, so that the end of the program can. */
  inBackground(work: Promise<void>): void;
  /** Aborted when the application closes. */
  closing: AbortSignal;
}
