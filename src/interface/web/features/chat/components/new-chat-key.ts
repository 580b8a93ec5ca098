// Ctrl or Command, Shift and O begin a new chat, from anywhere in the chat door.
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);
export const newChatKeys = isMac ? '⌘⇧O' : 'Ctrl+Shift+O';

export function useNewChatKey(onNew: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.key.toLowerCase() !== 'o') return;
      event.preventDefault();
      onNew();
      void navigate({ to: '/chat' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, onNew]);
}
