// What Ollama's wire has beside answering, and this server does elsewhere or not at all: said plainly, with 501.
import { createRouter } from '../../route-parts.ts';

const refused = [
  [
    'POST',
    '/api/create',
    'A model is not made from a Modelfile here. Set a prompt with a system text instead.',
  ],
  ['POST', '/api/copy', 'A model is not copied here. Give it another name with an alias, under Models.'],
  ['DELETE', '/api/delete', 'A model is removed under Models, or with `atelier models remove NAME`.'],
  ['POST', '/api/push', 'This server publishes no models.'],
] as const;

export function refusedRoutes() {
  const router = createRouter();
  for (const [method, path, error] of refused) router.on(method, path, (c) => c.json({ error }, 501));
  return router;
}
