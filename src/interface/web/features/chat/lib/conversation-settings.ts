// What a conversation answers with, before it exists and after: model, system prompt, parameters, knowledge, agent, tools.
import type { Conversation } from '../../../../../contracts/conversation.ts';
import type { Parameters } from '../../../../../contracts/model.ts';

export interface ChatSettings {
  /** A model id or an alias. */
  model: string;
  system: string;
  parameters: Parameters;
  /** Collections that answers are drawn from. */
  knowledge: string[];
  /** Name of the agent that answers; null: the model itself. */
  agent: string | null;
  /** Tools that the model may use when no agent is named. */
  tools: string[];
}

export const newChatSettings: ChatSettings = {
  model: 'default',
  system: '',
  parameters: {},
  knowledge: [],
  agent: null,
  tools: [],
};

const KEY = 'atelier.chat.new';

export function settingsOf(conversation: Conversation): ChatSettings {
  return {
    model: conversation.model,
    system: conversation.system,
    parameters: conversation.parameters,
    knowledge: conversation.knowledge,
    agent: conversation.agent,
    tools: conversation.tools,
  };
}

/** What was chosen for the chat that is not begun yet; kept for the tab's life. */
export function readNewSettings(storage: Pick<Storage, 'getItem'>): ChatSettings {
  try {
    return { ...newChatSettings, ...(JSON.parse(storage.getItem(KEY) ?? '{}') as Partial<ChatSettings>) };
  } catch {
    return newChatSettings;
  }
}

export function keepNewSettings(storage: Pick<Storage, 'setItem'>, settings: ChatSettings): void {
  try {
    storage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage that is full or refused: the choice lives as long as the page.
  }
}

/** Only what differs from a plain new chat, so that the server's defaults hold. */
export function changedSettings(settings: ChatSettings): Partial<ChatSettings> {
  return {
    ...(settings.model === newChatSettings.model ? {} : { model: settings.model }),
    ...(settings.system === '' ? {} : { system: settings.system }),
    ...(Object.keys(settings.parameters).length === 0 ? {} : { parameters: settings.parameters }),
    ...(settings.knowledge.length === 0 ? {} : { knowledge: settings.knowledge }),
    ...(settings.agent === null ? {} : { agent: settings.agent }),
    ...(settings.tools.length === 0 ? {} : { tools: settings.tools }),
  };
}
