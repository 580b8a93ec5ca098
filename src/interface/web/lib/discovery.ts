// GET /discovery: model files of other programs and endpoints that answer on this machine.
import { useQuery } from '@tanstack/react-query';
import type { Discovery } from '../../../contracts/catalogue.ts';
import { api } from './api.ts';
import { queryKeys } from './query-keys.ts';

export const origins = {
  ollama: 'Ollama',
  lmstudio: 'LM Studio',
  huggingface: 'Hugging Face',
  openai: 'OpenAI',
} as const;

/** Looking takes the server a moment, so what was found is kept for a while. */
export function useDiscovery(enabled = true) {
  return useQuery({
    queryKey: queryKeys.discovery,
    queryFn: ({ signal }) => api<Discovery>('/discovery', { signal }),
    staleTime: 5 * 60_000,
    enabled,
  });
}
