// One cache for what the server said. Events invalidate it, so nothing is polled.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toAtelierError } from '../../../contracts/errors.ts';
import { queryKeys } from './query-keys.ts';

/** A session that ended meanwhile shows itself by a refusal: who is signed in is asked again, and the page follows. */
const askAgain = (error: unknown): void => {
  if (toAtelierError(error).code === 'unauthorized')
    void queryClient.invalidateQueries({ queryKey: queryKeys.session });
};

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askAgain }),
  mutationCache: new MutationCache({ onError: askAgain }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && toAtelierError(error).retryable,
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
  },
});
