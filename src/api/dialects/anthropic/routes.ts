// The wire of Anthropic: messages, token counting, models.
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';

export function anthropicRoutes(_services: ApiServices) {
  return createRouter();
}
