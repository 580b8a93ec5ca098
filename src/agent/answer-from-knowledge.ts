// The grounded answer's contract: search, decide whether the documents hold an answer, write it with numbered citations.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { GroundingVerdict, Source } from '../contracts/knowledge.ts';
import type { CallStatus, Parameters } from '../contracts/model.ts';
import type { Notice } from '../contracts/notice.ts';
import type { CallContext, ModelStream } from '../models/model-call.ts';
import type { AttachedFile } from './answers/attached-files.ts';

export interface GroundedQuestion {
  /** The person's last message. */
  question: string;
  /** What was said before it, oldest first; a question that leans on it is made whole before the search. */
  history: LanguageModelV4Prompt;
  /** Texts that the person gave with the question or before it, oldest first. */
  files?: readonly AttachedFile[];
  /** The person's own system prompt; empty: none. */
  system: string;
  collectionIds: readonly string[];
  /** Only these documents, when the person named some. */
  documentIds?: readonly string[];
  model: string;
  parameters: Parameters;
  /** Read what was found although it seems to hold no answer: the person asked for it. */
  readAnyway?: boolean;
}

export type GroundedEvent =
  /** Sent as soon as they are found, before the model has read them; again when it is known which are read. */
  | { type: 'sources'; sources: Source[]; verdict: GroundingVerdict | null }
  | ({ type: 'warning' } & Notice)
  /**
   * The model is writing. Read the stream to its end, or give it up, before you ask for the next event, which may be a
   * warning about what was written. Not sent when the verdict is that the documents hold no answer.
   */
  | { type: 'stream'; stream: ModelStream }
  /** The words of the house, in the question's language, when the documents hold no answer. */
  | { type: 'abstained'; text: string };

/** What a grounded answer reads, as far as it can be known before the search. */
export interface GroundedReading {
  /** Without passages. */
  prompt: LanguageModelV4Prompt;
  /** Tokens that passages may take at most. */
  passageTokens: number;
}

export interface GroundedAnswers {
  reading(question: GroundedQuestion): Promise<GroundedReading>;
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
