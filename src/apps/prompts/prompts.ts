// The prompts' contract: kept by name, shared by the whole house, in versions that never change.
import type { Identity } from '../../contracts/identity.ts';
import type {
  Prompt,
  PromptBody,
  PromptChoice,
  PromptInput,
  PromptVersion,
  ResolvedPrompt,
} from '../../contracts/prompt.ts';

/** Reading is everybody's; a change is refused (forbidden) to whoever is neither admin nor builder. */
export interface Prompts {
  /** By name. `query` is looked for in names, descriptions and labels. */
  list(who: Identity, filter?: { query?: string | undefined }): Promise<Prompt[]>;
  /** @throws AtelierError not_found, with the names that exist */
  get(who: Identity, idOrName: string): Promise<Prompt>;
  /** @throws AtelierError conflict when the name is taken */
  create(who: Identity, input: PromptInput): Promise<Prompt>;
  update(
    who: Identity,
    idOrName: string,
    change: { name?: string | undefined; description?: string | undefined },
  ): Promise<Prompt>;
  /** Hides it; the name is free at once. */
  remove(who: Identity, idOrName: string): Promise<Prompt>;
  /** @throws AtelierError not_found, conflict when another prompt has taken the name */
  restore(who: Identity, id: string): Promise<Prompt>;
  /** The newest first. */
  versions(who: Identity, idOrName: string): Promise<PromptVersion[]>;
  version(who: Identity, idOrName: string, version: number): Promise<PromptVersion>;
  addVersion(who: Identity, idOrName: string, input: { body: PromptBody; note: string }): Promise<Prompt>;
  /** Puts a label on a version, or takes it to another one. */
  setLabel(who: Identity, idOrName: string, label: string, version: number): Promise<Prompt>;
  removeLabel(who: Identity, idOrName: string, label: string): Promise<Prompt>;
  /**
   * The messages that a call sends. Without version and label: what `production` stands on, else the newest.
   * @throws AtelierError not_found (data: what exists), invalid_request (data.missing: variables without a value)
   */
  resolve(
    who: Identity,
    idOrName: string,
    choice: PromptChoice,
    variables: Readonly<Record<string, string>>,
  ): Promise<ResolvedPrompt>;
  /** Deletes for good what was hidden before then, and says how many. */
  purge(before: number): Promise<number>;
}
