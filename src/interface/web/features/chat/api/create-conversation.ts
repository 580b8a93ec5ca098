// A new conversation with the settings that were chosen before its first message.
import type { Conversation } from '../../../../../contracts/conversation.ts';
import type { Parameters } from '../../../../../contracts/model.ts';
import { api } from '../../../lib/api.ts';

export interface NewConversation {
  model?: string;
  system?: string;
  parameters?: Parameters;
  knowledge?: string[];
  agent?: string | null;
  tools?: string[];
}

export function createConversation(body: NewConversation): Promise<Conversation> {
  return api<Conversation>('/conversations', { method: 'POST', body });
}
