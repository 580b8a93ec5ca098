// The contract of configured remote endpoints: stored rows whose keys are sealed, and the providers made from them.
import type { Provider, ProviderInput, ProviderTest } from '../contracts/provider.ts';
import type { ModelProvider } from './registry.ts';

export interface Endpoints {
  list(): Promise<Provider[]>;
  create(input: ProviderInput): Promise<Provider>;
  update(id: string, input: Partial<ProviderInput>): Promise<Provider>;
  remove(id: string): Promise<void>;
  /**
   * Asks for the model list with a limit of 5 s; stores the outcome when `id` names a stored one. A llama-server is
   * started, which takes as long as its model takes to load.
   */
  test(target: { id: string } | { input: ProviderInput }): Promise<ProviderTest>;
  providers(): Promise<ModelProvider[]>;
  onChange(listener: () => void): () => void;
  /** Stops every llama-server that was started here. */
  close(): Promise<void>;
}
