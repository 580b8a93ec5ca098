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

export interface AliasRow {
  model: string;
  /** As it is stored, without its canary; empty: the alias is a name and nothing else. */
  settings: Record<string, unknown>;
  canary: NonNullable<RouteSettings['canary']> | null;
}

export interface ModelRegistry {
  /** What can answer now: the default first, scripted models last. */
  list(): Promise<ModelInfo[]>;
  /**
   * @throws AtelierError model_not_found (data: asked, and up to 10 ids that exist), model_not_installed (in the
   * catalogue; data: how to pull it), model_loading (the default is still being fetched; data: progress)
   */
  resolve(idOrAlias: string): Promise<ResolvedModel>;
  /**
   * The same with all that may answer in its place, in the order of the alias's policy. `conversation` names what the call
   * belongs to, and is asked for only where a canary answers some of them; absent: none does. @throws as `resolve`
   */
  plan(idOrAlias: string, conversation?: () => string): Promise<ModelPlan>;
  aliases(): Promise<Record<string, string>>;
  routes(): Promise<Route[]>;
  /** Without settings those that the alias has stay; a canary stays unless the settings name another. */
  setAlias(alias: string, model: string, settings?: RouteSettings): Promise<void>;
  /** The row as it stands, for `putAlias`; null: nobody has set the alias. */
  aliasRow(alias: string): Promise<AliasRow | null>;
  /** Lets another model answer a share of the conversations; null: none any more. @throws AtelierError not_found */
  setCanary(alias: string, canary: RouteSettings['canary'] | null): Promise<void>;
  /** Puts a row back as it stood, or takes the alias away. @throws AtelierError what `resolve` says of its model */
  putAlias(alias: string, row: AliasRow | null): Promise<void>;
  removeAlias(alias: string): Promise<void>;
  setPrice(model: string, price: Price): Promise<void>;
  onChange(listener: () => void): () => void;
}
