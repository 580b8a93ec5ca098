// Budgets hold, also when a hundred calls come at once, and limits say when to come back. Run on every store.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSpending, type Spending } from '../../src/access/spending/create-spending.ts';
import type { BudgetInput } from '../../src/contracts/access.ts';
import type { Admission, Ticket } from '../../src/contracts/admission.ts';
import { type AtelierError, isAtelierError } from '../../src/contracts/errors.ts';
import type { Price } from '../../src/contracts/money.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { TestStore } from '../open-test-store.ts';

/** A dollar a million tokens in, two out: a thousand nano-dollars a token, and two thousand. */
const price: Price = {
  kind: 'tokens',
  input: 1_000_000_000,
  output: 2_000_000_000,
  cacheRead: null,
  cacheWrite: null,
  source: 'this test',
  date: '2026-11-30',
};
const NOON = Date.UTC(2026, 10, 30, 12);

const call = (more: Partial<Admission> = {}): Admission => ({
  identity: { userId: 'ana', role: 'member', keyId: 'key_1' },
  app: null,
  models: [{ id: 'up/model', price }],
  estimate: () => ({ input: 1000, output: 500 }),
  ...more,
});
/** 1000 in and 500 out. */
const CALL_COST = 2_000_000;

const budget = (more: Partial<BudgetInput> = {}): BudgetInput => ({
  subject: { kind: 'key', id: 'key_1' },
  period: 'month',
  unit: 'money',
  amount: 10 * CALL_COST,
  action: 'refuse',
  ...more,
});

const spend = (ticket: Ticket, nanoDollars = CALL_COST) =>
  ticket.settle({
    usage: { input: 1000, output: 500, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
    cost: { kind: 'known', nanoDollars },
    reached: true,
    estimatedOutput: 500,
  });

async function refusalOf(admitting: () => Ticket | Promise<Ticket>): Promise<AtelierError> {
  try {
    await admitting();
  } catch (error) {
    if (isAtelierError(error)) return error;
    throw error;
  }
  throw new Error('the call was admitted');
}

export function spendingSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`spending on ${name}`, () => {
    let opened: TestStore;
    let spending: Spending;
    let now: number;

    const start = async () => {
      spending = await createSpending({ store: opened.store, log: silentLog, now: () => now });
    };
    beforeEach(async () => {
      now = NOON;
      opened = await open();
      await start();
    });
    afterEach(async () => {
      await spending.close();
      await opened.dispose();
    });

    test('without budgets and limits nothing is counted', async () => {
      const ticket = await spending.admit(call({ estimate: () => expect.fail('was estimated') }));
      expect(ticket.warnings).toEqual([]);
      expect(ticket.limits).toBeUndefined();
    });

    test('a hundred calls at once against a budget for ten: ten pass, and it holds to the nano-dollar', async () => {
      await spending.createBudget(budget());
      const outcomes = await Promise.allSettled(
        Array.from({ length: 100 }, async () => spending.admit(call())),
      );
      const admitted = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(admitted).toHaveLength(10);
      for (const ticket of admitted) spend(ticket);
      const [after] = await settledBudgets();
      expect(after).toMatchObject({ spent: 10 * CALL_COST, reserved: 0 });
      const refused = await refusalOf(() => spending.admit(call()));
      expect(refused).toMatchObject({
        code: 'budget_exceeded',
        retryable: false,
        data: { spent: 10 * CALL_COST, amount: 10 * CALL_COST, resetsAt: Date.UTC(2026, 11, 1) },
      });
      // Whoever called has never seen the id of their key.
      expect(refused.message).toContain('The budget of this key is spent');
      expect(refused.message).not.toContain('key_1');
      expect(refused.data).toMatchObject({ subject: { kind: 'key', id: 'key_1' } });
      expect(refused.message).toContain('2026-12-01T00:00:00.000Z');
    });

    /** Settling is not waited for by a call; a budget is read anew until nothing is held. */
    async function settledBudgets() {
      for (let tries = 0; ; tries++) {
        const budgets = await spending.listBudgets();
        if (tries > 100 || budgets.every(({ reserved }) => reserved === 0)) return budgets;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    test('an estimate above what is left passes alone, so a budget overspends by one call at most', async () => {
      await spending.createBudget(budget({ amount: CALL_COST / 2 }));
      const first = await spending.admit(call());
      const second = await refusalOf(() => spending.admit(call()));
      expect(second).toMatchObject({ code: 'budget_exceeded', retryable: true });
      spend(first);
      expect(await settledBudgets()).toMatchObject([{ spent: CALL_COST, reserved: 0 }]);
      expect(await refusalOf(() => spending.admit(call()))).toMatchObject({ retryable: false });
    });

    test('what was broken off without a word from the provider is charged by estimate and said', async () => {
      await spending.createBudget(budget());
      const ticket = await spending.admit(call());
      ticket.settle({ usage: null, cost: { kind: 'unknown' }, reached: true, estimatedOutput: 10 });
      const [after] = await settledBudgets();
      expect(after).toMatchObject({ spent: 1_000_000 + 20_000, unpricedCalls: 1 });
    });

    test('a call that reached no model costs nothing', async () => {
      await spending.createBudget(budget());
      const ticket = await spending.admit(call());
      ticket.settle({ usage: null, cost: null, reached: false, estimatedOutput: 0 });
      expect(await settledBudgets()).toMatchObject([{ spent: 0, reserved: 0, unpricedCalls: 0 }]);
    });

    test('an unknown price: a hard budget refuses, a soft one lets it pass', async () => {
      const unknown = call({ models: [{ id: 'up/new', price: { kind: 'unknown' } }] });
      const soft = await spending.createBudget(budget({ action: 'warn' }));
      await spending.admit(unknown);
      await spending.removeBudget(soft.id);
      await spending.createBudget(budget());
      const refused = await refusalOf(() => spending.admit(unknown));
      expect(refused.message).toContain('up/new');
      expect(refused.data).toMatchObject({ reason: 'unknown_price' });
      const local = call({ models: [{ id: 'local/m', price: { kind: 'none' } }] });
      await spending.admit(local);
    });

    test('what costs nothing is asked also when the money is spent, and a budget of tokens counts it', async () => {
      const local = call({ models: [{ id: 'local/m', price: { kind: 'none' } }] });
      await spending.createBudget(budget({ amount: CALL_COST }));
      spend(await spending.admit(call()), 3 * CALL_COST);
      await settledBudgets();
      await refusalOf(() => spending.admit(call()));
      const ticket = await spending.admit(local);
      expect(ticket.warnings).toEqual([]);
      ticket.settle({ usage: null, cost: { kind: 'none' }, reached: true, estimatedOutput: 500 });
      now += 1;
      await spending.createBudget(budget({ unit: 'tokens', amount: 1500 }));
      const counted = await spending.admit(local);
      await refusalOf(() => spending.admit(local));
      counted.settle({ usage: null, cost: { kind: 'none' }, reached: true, estimatedOutput: 500 });
      expect(await settledBudgets()).toMatchObject([{ spent: 3 * CALL_COST }, { spent: 1500 }]);
    });

    test('a soft budget counts and warns, and never refuses', async () => {
      await spending.createBudget(budget({ action: 'warn', amount: CALL_COST }));
      spend(await spending.admit(call()));
      await settledBudgets();
      const ticket = await spending.admit(call());
      expect(ticket.warnings).toEqual([expect.stringContaining('is spent: $0.002 of $0.002 this month')]);
      spend(ticket);
      expect(await settledBudgets()).toMatchObject([{ spent: 2 * CALL_COST }]);
    });

    test('of several budgets the narrowest decides, and a refusal holds nothing of the others', async () => {
      await spending.createBudget(budget({ subject: { kind: 'everyone', id: '' }, amount: 100 * CALL_COST }));
      now += 1;
      await spending.createBudget(budget({ subject: { kind: 'user', id: 'ana' }, amount: CALL_COST }));
      now += 1;
      await spending.createBudget(budget({ subject: { kind: 'app', id: 'writer' }, amount: CALL_COST }));
      const held = await spending.admit(call());
      await refusalOf(() => spending.admit(call()));
      spend(held);
      expect((await settledBudgets()).map(({ spent }) => spent / CALL_COST)).toEqual([1, 1, 0]);
    });

    test('another person and another period start from nothing', async () => {
      await spending.createBudget(budget({ period: 'day', amount: CALL_COST }));
      spend(await spending.admit(call()));
      await settledBudgets();
      await refusalOf(() => spending.admit(call()));
      await spending.admit(call({ identity: { userId: 'ben', role: 'member', keyId: 'key_2' } }));
      now += 86_400_000;
      await spending.admit(call());
    });

    test('tokens are a unit of their own', async () => {
      await spending.createBudget(budget({ unit: 'tokens', amount: 1500 }));
      spend(await spending.admit(call()));
      await settledBudgets();
      const refused = await refusalOf(() => spending.admit(call()));
      expect(refused.message).toContain('1,500 tokens of 1,500 tokens');
    });

    test('what was spent is there after a restart', async () => {
      const { id } = await spending.createBudget(budget());
      spend(await spending.admit(call()));
      await spending.close();
      opened.store = await opened.reopen();
      await start();
      expect(await spending.listBudgets()).toMatchObject([{ id, spent: CALL_COST }]);
    });

    test('a stored budget of nobody keeps no program from starting', async () => {
      await spending.createBudget(budget({ subject: { kind: 'key', id: '' } }));
      await spending.close();
      opened.store = await opened.reopen();
      await start();
      expect(await spending.listBudgets()).toMatchObject([{ subject: { kind: 'key', id: '' } }]);
    });

    test('a second budget of the same kind is a conflict that says so', async () => {
      await spending.createBudget(budget());
      await expect(spending.createBudget(budget({ amount: 1 }))).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('has a budget of that kind for the month already'),
      });
    });

    test('requests a minute: the next is told when, and passes then', async () => {
      await spending.setLimit({
        subject: { kind: 'key', id: 'key_1' },
        requestsPerMinute: 2,
        tokensPerMinute: null,
      });
      await spending.admit(call());
      const second = await spending.admit(call());
      expect(second.limits).toEqual({
        requests: { limit: 2, remaining: 0, resetMs: 60_000 },
        tokens: null,
      });
      const refused = await refusalOf(() => spending.admit(call()));
      expect(refused).toMatchObject({
        code: 'rate_limited',
        retryable: true,
        data: { retryAfterSeconds: 30 },
      });
      now += 30_000;
      await spending.admit(call());
    });

    test('tokens a minute are held by estimate and corrected by what was used', async () => {
      await spending.setLimit({
        subject: { kind: 'user', id: 'ana' },
        requestsPerMinute: null,
        tokensPerMinute: 2000,
      });
      const first = await spending.admit(call());
      await refusalOf(() => spending.admit(call()));
      first.settle({
        usage: { input: 300, output: 100, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
        cost: { kind: 'none' },
        reached: true,
        estimatedOutput: 100,
      });
      const next = await spending.admit(call());
      expect(next.limits?.tokens).toMatchObject({ limit: 2000, remaining: 100 });
    });

    test('an estimate beyond all measure closes a limit for a minute and no longer', async () => {
      const subject = { kind: 'everyone', id: '' } as const;
      await spending.setLimit({ subject, requestsPerMinute: null, tokensPerMinute: 1000 });
      const greedy = await spending.admit(call({ estimate: () => ({ input: 10, output: 2 ** 31 }) }));
      await refusalOf(() => spending.admit(call({ estimate: () => ({ input: 10, output: 10 }) })));
      now += 60_000;
      const next = await spending.admit(call({ estimate: () => ({ input: 10, output: 10 }) }));
      expect(next.limits?.tokens?.remaining).toBe(980);
      greedy.settle({ usage: null, cost: null, reached: false, estimatedOutput: 0 });
    });

    test('a limit goes away with its removal', async () => {
      const subject = { kind: 'everyone', id: '' } as const;
      await spending.setLimit({ subject, requestsPerMinute: 1, tokensPerMinute: null });
      await spending.admit(call());
      await refusalOf(() => spending.admit(call()));
      await spending.removeLimit(subject);
      await spending.admit(call());
      await expect(spending.removeLimit(subject)).rejects.toMatchObject({ code: 'not_found' });
    });
  });
}
