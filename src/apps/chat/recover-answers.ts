// After a crash, of an earlier process or of another one on the same store: an agent that was left in the middle goes on
// from its events; any other answer gets the text that was stored, and is marked.
import type { WorkOrder } from '../../agent/agents.ts';
import type { RunWriter } from '../../agent/run-log.ts';
import { answerParts, emptyAnswer, foldAnswer } from '../../contracts/answer-parts.ts';
import { isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { Run } from '../../contracts/run.ts';
import type { ChatParts } from './chat-parts.ts';
import { conversationOf, messagesOf } from './conversation-rows.ts';
import { indexMessage } from './conversation-text.ts';
import { pathTo } from './message-tree.ts';
import { writeAnswer } from './write-answer.ts';

export const CHAT_RUN = 'chat';

/** Returns how many answers it was. One that fails is logged and does not keep the others from it. */
export async function recoverAnswers(parts: ChatParts): Promise<number> {
  const { busy } = parts;
  const goOn = new Set<string>();
  let recovered = 0;
  for (const run of await parts.runs.orphans()) {
    const id = run.conversationId ?? '';
    if (run.kind !== CHAT_RUN) continue;
    const held = busy.has(id);
    // Whoever asks there now sees to what was left.
    if (held && !goOn.has(id)) continue;
    busy.add(id);
    let outcome: Recovery = 'elsewhere';
    try {
      outcome = await recoverAnswer(parts, run, true);
      if (outcome !== 'elsewhere') recovered += 1;
    } catch (thrown) {
      const { code, message } = toAtelierError(thrown);
      parts.log.error('an interrupted answer could not be taken up', { run: run.id, code, message });
    } finally {
      // What goes on gives its place back itself.
      if (outcome === 'continued') goOn.add(id);
      else if (!held) busy.delete(id);
    }
  }
  return recovered;
}

/** 'elsewhere': somebody else has taken it up meanwhile. */
type Recovery = 'continued' | 'marked' | 'elsewhere';

/** `goOn`: an agent's run is continued; where a person asks anew, it is marked like any other. */
export async function recoverAnswer(parts: ChatParts, run: Run, goOn: boolean): Promise<Recovery> {
  const { runs, store, changed } = parts;
  const work = goOn && parts.runner !== null ? ((await runs.workOrder(run.id)) as WorkOrder | null) : null;
  const writer = await runs.adopt(run.id).catch((thrown: unknown) => {
    if (isAtelierError(thrown) && thrown.code === 'conflict') return null;
    throw thrown;
  });
  if (writer === null) return 'elsewhere';
  let written = emptyAnswer;
  for (const { event, at } of await runs.events(run.id)) written = foldAnswer(written, event, at);
  if (work !== null && (await continued(parts, writer, run, work, written))) return 'continued';
  const message = {
    id: run.messageId ?? '',
    conversationId: run.conversationId ?? '',
    parts: answerParts(written),
  };
  await writer.finish({ type: 'run-finish', status: 'interrupted', receipt: null, error: null }, [
    store.db
      .updateTable('messages')
      .set({ parts: JSON.stringify(message.parts), status: 'interrupted' })
      .where('id', '=', message.id),
    ...indexMessage(store, run.userId, message),
  ]);
  if (run.conversationId !== null) changed(run.userId, run.conversationId, false);
  return 'marked';
}

/** False when the conversation is gone: nobody would read what the agent does. */
async function continued(
  parts: ChatParts,
  writer: RunWriter,
  run: Run,
  work: WorkOrder,
  before: ReturnType<typeof foldAnswer>,
): Promise<boolean> {
  const id = run.conversationId ?? '';
  const conversation = await conversationOf(parts.store, run.userId, id).catch((thrown: unknown) => {
    if (isAtelierError(thrown) && thrown.code === 'not_found') return null;
    throw thrown;
  });
  if (conversation === null) return false;
  const messages = await messagesOf(parts.store, id);
  const answer = messages.find((message) => message.id === run.messageId);
  if (answer === undefined) return false;
  parts.busy.add(id);
  void writeAnswer(parts, writer, {
    who: work.context.identity,
    conversation,
    path: pathTo(messages, answer.parentId),
    answer,
    model: work.model ?? work.agent.model,
    source: work.context.source === 'cli' ? 'cli' : 'page',
    info: null,
    way: { by: 'agent', order: work },
    before,
  });
  return true;
}
