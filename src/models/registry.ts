// The registry's contract: which models can answer now, and what an id or alias stands for.
import type { ModelInfo } from '../contracts/model.ts';
import type { Price } from '../contracts/money.ts';
import type { Route, RouteSettings } from '../contracts/routing.ts';
import type { ModelPlan, ResolvedModel } from './model-call.ts';

/** A family of models behind one prefix: the local engine, the scripted models, each configured endpoint. */
export interface ModelProvider {
  readonly id: string;
  list(): Promise<ModelInfo[]>;
  /** `name` is the part after the first slash. Null when there is none of that name. */
  resolve(name: string): Promise<ResolvedModel | null>;
}

export interface ModelRegistry {
  /** What can answer now: the default first, scripted models last. */
  list(): Promise<ModelInfo[]>;
  /**
   * @throws AtelierError model_not_found (data: asked, and up to 10 ids that exist), model_not_installed (in the
   * catalogue; data: how to pull it), model_loading (the default is still being fetched; data: progress)
   */
  resolve(idOrAlias: string): Promise<ResolvedModel>;
  /** The same with all that may answer in its place, in the order of the alias's policy. @throws as `resolve` */
  plan(idOrAlias: string): Promise<ModelPlan>;
  aliases(): Promise<Record<string, string>>;
  routes(): Promise<Route[]>;
  /** Without settings those that the alias has stay. */
  setAlias(alias: string, model: string, settings?: RouteSettings): Promise<void>;
  removeAlias(alias: string): Promise<void>;
  setPrice(model: string, price: Price): Promise<void>;
  onChange(listener: () => void): () => void;
}
