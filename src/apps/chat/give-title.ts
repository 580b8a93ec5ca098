// Asks the model that answered for a title, after the first complete answer. It stands in the ledger as `title`.
// A failure leaves the person's first words; a person's own title is never touched.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Message } from '../../contracts/conversation.ts';
import { toAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import { buildPrompt, callOptions } from './build-prompt.ts';
import type { ChatParts } from './chat-parts.ts';
import { conversationOf } from './conversation-rows.ts';
import { indexTitle } from './conversation-text.ts';
import { cleanTitle, titlePrompt } from './titles.ts';

const TITLE_TOKENS = 12;
/** Room for the request, the template around it and the title. */
const TITLE_ROOM = 160;
/** Answers after which it is tried; a model that cannot write a title is not asked for ever. */
const TRIES = 3;

export interface TitleSource {
  path: readonly Message[];
  answer: Message;
  model: ModelInfo;
  /** The surface whose answer it is: the ledger counts the title there. */
  source: 'page' | 'cli';
  /** The model answered by itself, so that it has the conversation in memory as it was sent. */
  plain: boolean;
}

/** Never rejects. */
export async function giveTitle(
  parts: ChatParts,
  who: Identity,
  conversationId: string,
  { path, answer, model, source, plain }: TitleSource,
): Promise<void> {
  // A local model and the person's own endpoint; a scripted model has nothing to say about a conversation.
  if (model.place.kind === 'scripted' || parts.closing.aborted) return;
  if (path.filter((message) => message.role === 'user').length > TRIES) return;
  const { store, gateway, log } = parts;
  try {
    const conversation = await conversationOf(store, who.userId, conversationId);
    if (conversation.titleSource !== 'none') return;
    const prompt = titleQuestion(conversation.system, path, answer, model, plain);
    const result = await gateway.generate(
      model.id,
      callOptions(prompt, { maxOutputTokens: TITLE_TOKENS, temperature: 0.2 }, { signal: parts.closing }),
      { identity: who, source, conversationId, name: 'title' },
    );
    const written = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const title = cleanTitle(written, result.finishReason.unified === 'length');
    if (title === null) {
      log.info('the model wrote no title; the first words stay', {
        conversation: conversationId,
        model: model.id,
      });
      return;
    }
    const [update] = await store.write([
      store.db
        .updateTable('conversations')
        .set({ title, title_source: 'model' })
        .where('id', '=', conversationId)
        .where('user_id', '=', who.userId)
        .where('title_source', '=', 'none'),
    ]);
    if (!update?.affected) return;
    await store.write(indexTitle(store, who.userId, conversationId, title));
    parts.changed(who.userId, conversationId, true);
  } catch (thrown) {
    const { code, message } = toAtelierError(thrown);
    if (code === 'cancelled' && parts.closing.aborted) return;
    log.warn('no title was made; the first words stay', { conversation: conversationId, code, message });
  }
}

function titleQuestion(
  system: string,
  path: readonly Message[],
  answer: Message,
  model: ModelInfo,
  plain: boolean,
): LanguageModelV4Prompt {
  const prompt = buildPrompt(system, [...path, answer], model.place.kind);
  const used = (answer.receipt?.usage.input ?? 0) + (answer.receipt?.usage.output ?? 0);
  const fits = model.contextLength === null || used + TITLE_ROOM <= model.contextLength;
  return titlePrompt(prompt, plain && model.place.kind === 'local' && fits);
}
