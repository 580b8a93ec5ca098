// The wire of Anthropic: messages, token counting, models.
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { countTokensRoutes } from './count-tokens.ts';
import { messageRoutes } from './messages.ts';
import { anthropicModelRoutes } from './models.ts';

export function anthropicRoutes(services: ApiServices) {
  return createRouter()
    .route('/', messageRoutes(services))
    .route('/', countTokensRoutes(services))
    .route('/', anthropicModelRoutes(services));
}
