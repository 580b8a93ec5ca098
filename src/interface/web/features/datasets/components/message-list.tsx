// The messages of an example as fields: who, what, and of an answer whether it is learned.
import Plus from 'lucide-react/icons/plus';
import Trash2 from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { ExampleMessage } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { nextRole } from '../lib/draft.ts';

const roles = ['system', 'user', 'assistant'] as const;

export interface MessageListProps {
  messages: readonly ExampleMessage[];
  /** Whether single answers may be left unlearned. */
  weights: boolean;
  onChange: (messages: ExampleMessage[]) => void;
}

export function MessageList({ messages, weights, onChange }: MessageListProps) {
  const { t } = useTranslation('datasets');
  const change = (index: number, next: ExampleMessage) =>
    onChange(messages.map((one, at) => (at === index ? next : one)));
  return (
    <div className="flex flex-col gap-3">
      {messages.map((message, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a message is known by its place
          key={index}
          className="flex flex-col gap-1.5"
        >
          <div className="flex items-center gap-3">
            <div className="w-36">
              <Select
                value={message.role}
                label={t('edit.role', { number: index + 1 })}
                options={roles.map((role) => ({ value: role, label: t(`example.${role}`) }))}
                onChange={(role) => change(index, { role, content: message.content })}
              />
            </div>
            {weights && message.role === 'assistant' ? (
              <label className="flex items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={message.weight !== 0}
                  onChange={(event) =>
                    change(index, {
                      role: message.role,
                      content: message.content,
                      ...(event.target.checked ? {} : { weight: 0 as const }),
                    })
                  }
                />
                {t('edit.learn')}
              </label>
            ) : null}
            <span className="grow" />
            <IconButton
              size="small"
              label={t('edit.remove_message', { number: index + 1 })}
              icon={<Trash2 />}
              disabled={messages.length === 1}
              onClick={() => onChange(messages.filter((_, at) => at !== index))}
            />
          </div>
          <Textarea
            aria-label={t('edit.message', { number: index + 1, role: t(`example.${message.role}`) })}
            rows={Math.min(12, Math.max(3, message.content.split('\n').length))}
            value={message.content}
            onChange={(event) => change(index, { ...message, content: event.target.value })}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          look="quiet"
          icon={<Plus />}
          onClick={() => onChange([...messages, { role: nextRole(messages), content: '' }])}
        >
          {t('edit.add_message')}
        </Button>
      </div>
    </div>
  );
}
