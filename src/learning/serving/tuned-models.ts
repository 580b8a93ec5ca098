// The contract of tuned models and of what an alias is switched to.
import type { GateVerdict } from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Task } from '../../contracts/task.ts';
import type { Promotion, PromotionInput, TunedFile, TunedModel } from '../../contracts/tuned-model.ts';
import type { CursorQuery } from '../../store/cursor-page.ts';

export interface TunedModels {
  list(who: Identity): Promise<TunedModel[]>;
  get(who: Identity, id: string): Promise<TunedModel>;
  /** Called by training when its files are written. */
  put(model: Omit<TunedModel, 'id' | 'createdAt'>): Promise<TunedModel>;
  /** Another form of it, as a durable job with progress. */
  makeFile(who: Identity, id: string, file: Pick<TunedFile, 'form' | 'quantisation'>): Promise<Task>;
  /** @throws AtelierError conflict while an alias asks it */
  remove(who: Identity, id: string): Promise<void>;
}

export interface PromotionQuery extends CursorQuery {
  alias?: string;
  state?: Promotion['state'];
  /** Of which one was switched to. */
  models?: readonly string[];
}

export interface Promotions {
  /** What the gate says now; nothing changes. What cannot be computed is a check that did not pass, with its reason. */
  check(who: Identity, input: PromotionInput): Promise<GateVerdict>;
  /** @throws AtelierError forbidden with the verdict in its data when the gate does not open */
  promote(who: Identity, input: PromotionInput): Promise<Promotion>;
  /** Of a canary: more or fewer conversations; 1 makes it whole. */
  setShare(who: Identity, id: string, share: number): Promise<Promotion>;
  /** The alias asks what it asked before. @throws AtelierError conflict when somebody has set it anew since */
  rollBack(who: Identity, id: string): Promise<Promotion>;
  /** Newest first. @throws AtelierError invalid_request (a cursor of another list) */
  list(
    who: Identity,
    query?: PromotionQuery,
  ): Promise<{ promotions: Promotion[]; nextCursor: string | null }>;
}
