// Budgets and limits a minute. Everybody sees those that count their calls; admins and auditors see all.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type Budget,
  budgetInputSchema,
  budgetRuleSchema,
  budgetSchema,
  rateLimitInputSchema,
  rateLimitSchema,
  type Subject,
  subjectKindSchema,
} from '../../contracts/access.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import {
  createRouter,
  idParam,
  idSchema,
  jsonBody,
  jsonContent,
  ledgerScope,
  noContent,
} from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const tags = ['access'];
const subjectParam = z.object({ kind: subjectKindSchema, id: idSchema.max(256) });
const budgetsSchema = z.object({ budgets: z.array(budgetSchema) });
const limitsSchema = z.object({ limits: z.array(rateLimitSchema) });

/** What is written down of a budget that was changed. */
const auditData = ({ subject, period, unit, amount, action }: Budget) => ({
  subject: subjectText(subject),
  period,
  unit,
  amount,
  action,
});
const subjectText = ({ kind, id }: Subject): string => (kind === 'everyone' ? kind : `${kind} ${id}`);
/** Everyone has no id, and an address no empty part. */
const NO_ID = '-';

export function budgetRoutes({ spending, access }: Pick<ApiServices, 'spending' | 'access'>) {
  const { audit, keys, people } = access;

  /** What names nobody would count nothing, and nobody would notice. @throws AtelierError not_found */
  async function checkSubject({ kind, id }: Subject): Promise<void> {
    if (kind === 'user') await people.get(id);
    if (kind === 'key' && !(await keys.list(null)).some((key) => key.id === id))
      throw new AtelierError('not_found', `There is no key ${id}.`, { data: { id } });
  }

  /** Of a person those of all their keys too; of a key its own alone. */
  async function shownTo<T extends { subject: Subject }>(who: Identity, all: readonly T[]): Promise<T[]> {
    if (ledgerScope(who) === null) return [...all];
    const own = who.keyId === undefined ? (await keys.list(who.userId)).map(({ id }) => id) : [who.keyId];
    return all.filter(
      ({ subject: { kind, id } }) =>
        kind === 'everyone' || (kind === 'user' && id === who.userId) || (kind === 'key' && own.includes(id)),
    );
  }
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/budgets',
        tags,
        summary: 'Budgets, with what this period has spent',
        responses: { 200: jsonContent(budgetsSchema, 'The budgets') },
      }),
      async (c) => c.json({ budgets: await shownTo(c.get('identity'), await spending.listBudgets()) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/budgets',
        tags,
        summary: 'Give a person, a key, an app or everyone a budget',
        request: { body: jsonBody(budgetInputSchema) },
        responses: { 201: jsonContent(budgetSchema, 'The budget') },
      }),
      async (c) => {
        const input = c.req.valid('json');
        await checkSubject(input.subject);
        const budget = await spending.createBudget(input);
        await audit.record(c.get('identity'), 'budget.create', budget.id, auditData(budget));
        return c.json(budget, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/atelier/v1/budgets/{id}',
        tags,
        summary: 'Raise or lower a budget, or let it warn instead of refuse',
        request: {
          params: idParam,
          body: jsonBody(budgetRuleSchema.pick({ amount: true, action: true }).partial()),
        },
        responses: { 200: jsonContent(budgetSchema, 'The budget') },
      }),
      async (c) => {
        const { amount, action } = c.req.valid('json');
        const budget = await spending.updateBudget(c.req.valid('param').id, {
          ...(amount === undefined ? {} : { amount }),
          ...(action === undefined ? {} : { action }),
        });
        await audit.record(c.get('identity'), 'budget.change', budget.id, auditData(budget));
        return c.json(budget, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/atelier/v1/budgets/{id}',
        tags,
        summary: 'Remove a budget',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await spending.removeBudget(id);
        await audit.record(c.get('identity'), 'budget.remove', id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/limits',
        tags,
        summary: 'Limits of requests and tokens a minute',
        responses: { 200: jsonContent(limitsSchema, 'The limits') },
      }),
      async (c) => c.json({ limits: await shownTo(c.get('identity'), await spending.listLimits()) }, 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/atelier/v1/limits',
        tags,
        summary: 'Set the limit of a person, a key, an app or everyone',
        request: { body: jsonBody(rateLimitInputSchema) },
        responses: { 200: jsonContent(limitsSchema, 'All limits') },
      }),
      async (c) => {
        const limit = c.req.valid('json');
        await checkSubject(limit.subject);
        await spending.setLimit(limit);
        await audit.record(c.get('identity'), 'limit.set', subjectText(limit.subject), {
          requestsPerMinute: limit.requestsPerMinute,
          tokensPerMinute: limit.tokensPerMinute,
        });
        return c.json({ limits: await spending.listLimits() }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/atelier/v1/limits/{kind}/{id}',
        tags,
        summary: `Remove the limit of a subject; the id of everyone is ${NO_ID}`,
        request: { params: subjectParam },
        responses: { 200: jsonContent(limitsSchema, 'The limits that are left') },
      }),
      async (c) => {
        const { kind, id } = c.req.valid('param');
        const subject = { kind, id: kind === 'everyone' ? '' : id };
        await spending.removeLimit(subject);
        await audit.record(c.get('identity'), 'limit.remove', subjectText(subject));
        return c.json({ limits: await spending.listLimits() }, 200);
      },
    );
}
