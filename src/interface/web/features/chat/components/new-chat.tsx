// The composer of a chat that is not begun yet, for Home and for the chat door.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import type { MessagePart } from '../../../../../contracts/conversation.ts';
import { useSendMessage } from '../api/send-message.ts';
import {
  type ChatSettings,
  changedSettings,
  keepNewSettings,
  readNewSettings,
} from '../lib/conversation-settings.ts';
import { Composer } from './composer/composer.tsx';
import { loadMarkdownSoon } from './markdown/load-markdown.ts';

const nothing = () => undefined;

export function NewChatComposer() {
  const navigate = useNavigate();
  const { mutateAsync: send } = useSendMessage();
  const [settings, setSettings] = useState<ChatSettings>(() => readNewSettings(sessionStorage));
  useEffect(loadMarkdownSoon, []);
  const { knowledge, agent } = useSearch({ strict: false });
  const change = useCallback((part: Partial<ChatSettings>) => {
    setSettings((now) => {
      const next = { ...now, ...part };
      keepNewSettings(sessionStorage, next);
      return next;
    });
  }, []);
  // An address may bring a collection or an agent along; the choice is then the person's to change.
  useEffect(() => {
    if (!knowledge && !agent) return;
    change({ ...(knowledge ? { knowledge: [knowledge] } : {}), ...(agent ? { agent, tools: [] } : {}) });
    void navigate({ to: '/chat', search: {}, replace: true });
  }, [knowledge, agent, change, navigate]);
  const submit = async (parts: MessagePart[]) => {
    const sent = await send({ conversationId: null, settings: changedSettings(settings), parts });
    // Collections, agent and tools were meant for this chat; the model stays for the next one.
    change({ knowledge: [], agent: null, tools: [] });
    await navigate({ to: '/chat/$conversationId', params: { conversationId: sent.conversation.id } });
  };
  return (
    <Composer
      conversationId={null}
      settings={settings}
      onSettings={change}
      running={false}
      onStop={nothing}
      onSend={submit}
      tall
    />
  );
}
