// Sends a draft, or says why not: nothing to send, an answer under way, more than the model can read, a refusal of the server.
import { useEffect, useState } from 'react';
import type { MessagePart } from '../../../../../../contracts/conversation.ts';
import { AtelierError } from '../../../../../../contracts/errors.ts';
import { type Count, type CountInput, countTokens } from '../../api/count-tokens.ts';

export function isTooLong(count: Count | null): boolean {
  return (
    count !== null &&
    count.tokens !== null &&
    count.contextLength !== null &&
    count.tokens > count.contextLength
  );
}

export interface SendingOptions {
  input: CountInput;
  /** The last count, which may be a moment old. */
  count: Count | null;
  running: boolean;
  /** Rejects when the message was not taken. */
  onSend: (parts: MessagePart[]) => Promise<void>;
  onSent: () => void;
}

export function useSending({ input, count, running, onSend, onSent }: SendingOptions) {
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  /** Enter was pressed while an answer is being written. */
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (!running) setWaiting(false);
  }, [running]);

  const send = async (): Promise<void> => {
    if (input.parts.length === 0 || sending) return;
    if (running) return setWaiting(true);
    setSending(true);
    setFailure(null);
    try {
      if (isTooLong(count)) await refuseTooLong(input);
      await onSend(input.parts);
      onSent();
    } catch (error) {
      setFailure(error);
    } finally {
      setSending(false);
    }
  };
  return { sending, failure, waiting, send };
}

/** @throws AtelierError context_overflow with both numbers */
async function refuseTooLong(input: CountInput): Promise<void> {
  const now = await countTokens(input);
  if (!isTooLong(now)) return;
  throw new AtelierError('context_overflow', 'The message does not fit into the context of the model.', {
    data: { promptTokens: now.tokens, contextLength: now.contextLength },
  });
}
