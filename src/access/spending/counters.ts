// What a budget's period has spent and holds for calls under way: the contract of both ways to count.
import type { BudgetInput } from '../../contracts/access.ts';

export interface CountedBudget extends BudgetInput {
  id: string;
  createdAt: number;
}

export interface Hold {
  budget: CountedBudget;
  periodStart: number;
  amount: number;
  /** False: it is counted and never refused (a budget that only warns). */
  strict: boolean;
}

export interface CounterState {
  spent: number;
  reserved: number;
  unpricedCalls: number;
}

export interface Charge {
  hold: Hold;
  spent: number;
  unpriced: boolean;
}

export interface BudgetCounters {
  /**
   * Reserves all or none. A call fits when spent, reserved and its own amount are within the budget; or when something
   * is left and no other call is under way, so that an estimate above the rest does not lock the rest away.
   * @returns the first hold that did not fit, or null
   */
  reserve(id: string, holds: readonly Hold[]): Hold | null | Promise<Hold | null>;
  /** Ends the reservations of `id` and counts what was spent. */
  settle(id: string, charges: readonly Charge[]): void;
  read(budget: CountedBudget, periodStart: number): CounterState | Promise<CounterState>;
  close(): Promise<void>;
}

export const fits = ({ spent, reserved }: CounterState, { budget, amount }: Hold): boolean =>
  spent + reserved + amount <= budget.amount || (spent < budget.amount && reserved === 0);
