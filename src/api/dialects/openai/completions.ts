// POST /v1/completions: text in, text out, with echo and log-probabilities.
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';

export function completionRoutes(_services: ApiServices) {
  return createRouter();
}
