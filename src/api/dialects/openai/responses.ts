// The Responses wire: POST /v1/responses and the stored ones.
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';

export function responseRoutes(_services: ApiServices) {
  return createRouter();
}
