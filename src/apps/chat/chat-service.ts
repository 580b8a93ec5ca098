// The chat application's contract: conversations, their message tree, and answers that are runs.
import type { Conversation, Message, MessagePart } from '../../contracts/conversation.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Parameters } from '../../contracts/model.ts';
import type { RatingInput, Score } from '../../contracts/score.ts';

export interface ConversationInput {
  model?: string;
  system?: string;
  parameters?: Parameters;
  title?: string | null;
  /** Collections that answers are drawn from. */
  knowledge?: string[];
  /** Name of the agent that answers; null: the model itself, or the assistant where tools are named. */
  agent?: string | null;
  /** Tools that the assistant may use here. */
  tools?: string[];
}

export interface SendInput {
  parts: MessagePart[];
  /** The message that this one follows; null starts a new branch at the root; absent: the head. */
  parentId?: string | null;
  /** A model for this answer only. */
  model?: string;
  /** Read the passages that are found although they seem to hold no answer. */
  readAnyway?: boolean;
  /** The surface that sent it, kept as the trace's source. Default: page. */
  source?: 'page' | 'cli';
}

export interface Sent {
  conversation: Conversation;
  user: Message | null;
  assistant: Message;
}

export interface MessageCount {
  /** What is known before it is sent; null where it cannot be known. */
  tokens: number | null;
  contextLength: number | null;
  /** Tokens that passages of documents may take beside that, at most. */
  passageTokens: number | null;
  /** Who answers: an agent's tools add what they find. */
  by: 'model' | 'knowledge' | 'agent';
}

export interface ChatService {
  list(
    who: Identity,
    options: { query?: string; cursor?: string; limit: number },
  ): Promise<{ conversations: Conversation[]; nextCursor: string | null }>;
  create(who: Identity, input: ConversationInput): Promise<Conversation>;
  /** Every message of every branch, oldest first. @throws AtelierError not_found */
  get(who: Identity, id: string): Promise<{ conversation: Conversation; messages: Message[] }>;
  update(who: Identity, id: string, input: ConversationInput & { headId?: string }): Promise<Conversation>;
  /** Hidden at once, removed for good by retention after 30 days; `restore` brings it back. */
  remove(who: Identity, id: string): Promise<void>;
  restore(who: Identity, id: string): Promise<Conversation>;
  export(who: Identity, id: string, format: 'markdown' | 'json'): Promise<string>;
  /**
   * Stores the message, the empty answer and its run in one batch, then writes in the background.
   * @throws AtelierError not_found, invalid_request, conflict (an answer of this conversation is still running),
   * context_overflow, model_not_found and an agent that is gone before anything is stored
   */
  send(who: Identity, id: string, input: SendInput): Promise<Sent>;
  /** A sibling of an answer, by the same or another model. */
  regenerate(
    who: Identity,
    messageId: string,
    input?: Pick<SendInput, 'model' | 'readAnyway' | 'source'>,
  ): Promise<Sent>;
  rate(who: Identity, messageId: string, input: RatingInput): Promise<Score | null>;
  /** What a message would have a model read, with all that goes before it and beside it. */
  count(who: Identity, id: string | null, input: SendInput & ConversationInput): Promise<MessageCount>;
  /**
   * Answers that an earlier process left running: an agent goes on in the background, any other is marked as
   * interrupted, with the text that it had. Returns how many they were.
   */
  recover(): Promise<number>;
  /** Removes for good what was deleted before that time. Returns how many conversations went. */
  purge(before: number, signal: AbortSignal): Promise<number>;
  /** Gives up the titles that are being made. Answers under way are ended by RunLog.close. */
  close(): Promise<void>;
  onChange(listener: (change: { userId: string; conversationId: string | null }) => void): () => void;
}
