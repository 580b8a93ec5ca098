// The grounded answer's contract: search, decide whether the documents hold an answer, write it with numbered citations.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { GroundingVerdict, Source } from '../contracts/knowledge.ts';
import type { CallStatus, Parameters } from '../contracts/model.ts';
import type { CallContext, ModelStream } from '../models/model-call.ts';

export interface GroundedQuestion {
  /** The person's last message. */
  question: string;
  /** What was said before it, oldest first; a question that leans on it is made whole before the search. */
  history: LanguageModelV4Prompt;
  /** The person's own system prompt; empty: none. */
  system: string;
  collectionIds: readonly string[];
  /** Only these documents, when the person named some. */
  documentIds?: readonly string[];
  model: string;
  parameters: Parameters;
}

export type GroundedEvent =
  /** Sent as soon as they are found, before the model has read them; again when it is known which are read. */
  | { type: 'sources'; sources: Source[]; verdict: GroundingVerdict | null }
  | { type: 'warning'; message: string }
  /**
   * The model is writing. Read the stream to its end, or give it up, before you ask for the next event, which may be a
   * warning about what was written. Not sent when the verdict is that the documents hold no answer.
   */
  | { type: 'stream'; stream: ModelStream }
  /** The words of the house, in the question's language, when the documents hold no answer. */
  | { type: 'abstained'; text: string };

export interface GroundedAnswers {
  /**
   * One trace: retrieval, decision and model calls hang below `context.parent`, or below a root of its own.
   * @throws AtelierError not_found (a collection), model_not_found, context_overflow, cancelled
   */
  answer(
    question: GroundedQuestion,
    context: CallContext,
    options: { signal: AbortSignal; onStatus: (status: CallStatus) => void },
  ): AsyncIterable<GroundedEvent>;
}
