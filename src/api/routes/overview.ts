// GET /atelier/v1/overview: the live figures of the drawing on the home page. "Today" begins at midnight of the server.
import { createRoute } from '@hono/zod-openapi';
import type { Agents } from '../../agent/agents.ts';
import type { Apps } from '../../apps/apps.ts';
import type { Cost } from '../../contracts/money.ts';
import { overviewSchema } from '../../contracts/system.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { CallSums, Ledger } from '../../monitoring/ledger.ts';
import type { Knowledge } from '../../retrieval/knowledge.ts';
import type { ToolRegistry } from '../../tools/tool-registry.ts';
import { createRouter, jsonContent, ledgerScope } from '../route-parts.ts';

export interface OverviewServices {
  registry: ModelRegistry;
  knowledge: Pick<Knowledge, 'listCollections'>;
  tools: { registry: Pick<ToolRegistry, 'list' | 'faults'> };
  agents: Pick<Agents, 'list' | 'runs' | 'approvals'>;
  apps: Pick<Apps, 'list' | 'faults'>;
  ledger: Pick<Ledger, 'sumSince'>;
}

function costOfDay({ calls, costNano, unpricedCalls }: CallSums): Cost {
  if (costNano > 0) return { kind: 'known', nanoDollars: costNano };
  return calls > 0 && unpricedCalls > 0 ? { kind: 'unknown' } : { kind: 'none' };
}

function midnight(): number {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

export function overviewRoutes({ registry, knowledge, tools, agents, apps, ledger }: OverviewServices) {
  return createRouter().openapi(
    createRoute({
      method: 'get',
      path: '/atelier/v1/overview',
      tags: ['system'],
      summary: 'The live figures of every part',
      responses: { 200: jsonContent(overviewSchema, 'The figures, a box each') },
    }),
    async (c) => {
      const who = c.get('identity');
      const [models, collections, ownAgents, runs, approvals, today] = await Promise.all([
        registry.list(),
        knowledge.listCollections(who),
        agents.list(who),
        agents.runs(who, { limit: 100 }),
        agents.approvals(who, { open: true }),
        ledger.sumSince(midnight(), ledgerScope(who)),
      ]);
      // Apps and agents answer as models too, and have boxes of their own.
      const real = models.filter(
        ({ place, provider }) => place.kind !== 'scripted' && provider !== 'apps' && provider !== 'agents',
      );
      const toolList = tools.registry.list();
      return c.json(
        {
          boxes: {
            models: {
              loaded: real.filter(({ state }) => state === 'loaded').length,
              installed: real.length,
            },
            knowledge: {
              collections: collections.length,
              documents: sum(collections.map(({ documents }) => documents.ready)),
              working: sum(collections.map(({ documents }) => documents.waiting)),
              failed: sum(collections.map(({ documents }) => documents.failed)),
            },
            tools: {
              enabled: toolList.filter(({ enabled }) => enabled).length,
              total: toolList.length,
              faults: tools.registry.faults().length,
            },
            agents: {
              count: ownAgents.length,
              running: runs.filter(({ status }) => status === 'running').length,
              approvals: approvals.length,
            },
            apps: { count: apps.list().length, faults: apps.faults().length },
            api: { callsToday: today.apiCalls },
            monitoring: {
              callsToday: today.calls,
              errorsToday: today.errors,
              costToday: costOfDay(today),
            },
          },
        },
        200,
      );
    },
  );
}
