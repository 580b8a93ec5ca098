// One cache for what the server said. Events invalidate it, so nothing is polled.
import { QueryClient } from '@tanstack/react-query';
import { toAtelierError } from '../../../contracts/errors.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && toAtelierError(error).retryable,
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
  },
});
