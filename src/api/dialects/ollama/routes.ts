// The wire of Ollama under /api.
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';

export function ollamaRoutes(_services: ApiServices) {
  return createRouter();
}
