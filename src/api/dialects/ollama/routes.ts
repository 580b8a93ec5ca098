// The wire of Ollama under /api.
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { describeRoutes } from './describe-routes.ts';
import { embedRoutes } from './embed.ts';
import { generateRoutes } from './generate.ts';
import { ollamaModelRoutes } from './models.ts';
import { pullRoutes } from './pull.ts';
import { refusedRoutes } from './refused.ts';

export function ollamaRoutes(services: ApiServices) {
  const router = createRouter();
  describeRoutes(router);
  return router
    .route('/', generateRoutes(services))
    .route('/', embedRoutes(services))
    .route('/', ollamaModelRoutes(services))
    .route('/', pullRoutes(services))
    .route('/', refusedRoutes());
}
