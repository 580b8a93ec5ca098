// Whether a call may begin: what the gateway asks of whoever keeps budgets and limits. Scopes of a key are its own part.
import type { LimitState } from './access.ts';
import type { Identity } from './identity.ts';
import type { ModelInfo } from './model.ts';
import type { Cost, Usage } from './money.ts';

export interface Admission {
  identity: Identity;
  /** The app or agent that calls. */
  app: string | null;
  /** Every model that may answer: the dearest decides what is reserved. */
  models: readonly Pick<ModelInfo, 'id' | 'price'>[];
  /** Upper bounds in tokens; asked only where something is counted. */
  estimate(): { input: number; output: number };
}

export interface Ticket {
  /** Nothing is counted: `settle` need not be called. */
  free?: true;
  limits?: LimitState;
  /** For the person: such as a budget that is nearly spent. */
  warnings: readonly string[];
  /**
   * Once, when the call has ended. Without usage the estimate is charged to a budget, because a provider bills also
   * what was broken off; `reached` false: no model was asked, and nothing is charged.
   */
  settle(outcome: {
    usage: Usage | null;
    cost: Cost | null;
    reached: boolean;
    estimatedOutput: number;
  }): void;
}

/** @throws AtelierError budget_exceeded, rate_limited */
export type Admit = (admission: Admission) => Ticket | Promise<Ticket>;
