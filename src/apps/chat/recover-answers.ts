// After a crash: answers that an earlier process left running get the text that was stored, and are marked.
import type { Message } from '../../contracts/conversation.ts';
import { isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { Run } from '../../contracts/run.ts';
import { createAnswerParts } from './answer-parts.ts';
import type { ChatParts } from './chat-parts.ts';
import { indexMessage } from './conversation-text.ts';

export const CHAT_RUN = 'chat';

/** Returns how many answers were marked. One that fails is logged and does not keep the others from it. */
export async function recoverAnswers(parts: ChatParts): Promise<number> {
  let recovered = 0;
  for (const run of await parts.runs.orphans()) {
    if (run.kind !== CHAT_RUN) continue;
    try {
      if (await recoverAnswer(parts, run)) recovered += 1;
    } catch (thrown) {
      const { code, message } = toAtelierError(thrown);
      parts.log.error('an interrupted answer could not be marked', { run: run.id, code, message });
    }
  }
  return recovered;
}

/** False when somebody else has taken it up meanwhile. */
export async function recoverAnswer({ runs, store, changed }: ChatParts, run: Run): Promise<boolean> {
  const writer = await runs.adopt(run.id).catch((thrown: unknown) => {
    if (isAtelierError(thrown) && thrown.code === 'conflict') return null;
    throw thrown;
  });
  if (writer === null) return false;
  const written = createAnswerParts();
  for (const { event } of await runs.events(run.id)) written.add(event);
  const parts: Message['parts'] = written.parts();
  const message = { id: run.messageId ?? '', conversationId: run.conversationId ?? '', parts };
  await writer.finish({ type: 'run-finish', status: 'interrupted', receipt: null, error: null }, [
    store.db
      .updateTable('messages')
      .set({ parts: JSON.stringify(parts), status: 'interrupted' })
      .where('id', '=', message.id),
    ...indexMessage(store, run.userId, message),
  ]);
  if (run.conversationId !== null) changed(run.userId, run.conversationId, false);
  return true;
}
