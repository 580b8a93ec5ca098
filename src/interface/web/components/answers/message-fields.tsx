// A conversation as fields: who speaks and what, added, removed, turned round.
import Plus from 'lucide-react/icons/plus';
import Trash2 from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { PromptMessage } from '../../../../contracts/prompt.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { Textarea } from '../ui/textarea.tsx';

const roles = ['system', 'user', 'assistant'] as const;

/** Lines that a field shows before it scrolls. */
const rowsFor = (text: string, least: number): number =>
  Math.min(16, Math.max(least, text.split('\n').length));

export interface MessageFieldsProps {
  messages: readonly PromptMessage[];
  onChange: (messages: PromptMessage[]) => void;
}

export function MessageFields({ messages, onChange }: MessageFieldsProps) {
  const { t } = useTranslation('playground');
  const change = (index: number, part: Partial<PromptMessage>) =>
    onChange(messages.map((one, i) => (i === index ? { ...one, ...part } : one)));
  const next = messages.at(-1)?.role === 'user' ? 'assistant' : 'user';
  return (
    <div className="flex flex-col gap-2">
      {messages.map((message, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a message is known by its place
          key={index}
          className="grid grid-cols-[1fr_auto] items-start gap-2 sm:grid-cols-[8.5rem_1fr_auto]"
        >
          <Select
            value={message.role}
            label={t('messages.role', { number: index + 1 })}
            options={roles.map((role) => ({ value: role, label: t(`messages.${role}`) }))}
            onChange={(role) => change(index, { role })}
          />
          <Textarea
            aria-label={t('messages.text', { number: index + 1, role: t(`messages.${message.role}`) })}
            className="col-span-2 row-start-2 min-h-0! sm:col-span-1 sm:row-start-auto"
            rows={rowsFor(message.text, message.role === 'user' ? 3 : 2)}
            value={message.text}
            placeholder={t(`messages.${message.role}_example`)}
            onChange={(event) => change(index, { text: event.target.value })}
          />
          <IconButton
            label={t('messages.remove', { number: index + 1 })}
            icon={<Trash2 />}
            disabled={messages.length === 1}
            onClick={() => onChange(messages.filter((_, i) => i !== index))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          look="quiet"
          icon={<Plus />}
          onClick={() => onChange([...messages, { role: next, text: '' }])}
        >
          {t('messages.add')}
        </Button>
      </div>
    </div>
  );
}
