// The row under the text: attach, settings, model, what the message uses of the context, send or stop.
import ArrowUp from 'lucide-react/icons/arrow-up';
import Paperclip from 'lucide-react/icons/paperclip';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import Square from 'lucide-react/icons/square';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import type { Count } from '../../api/count-tokens.ts';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import { changedCount } from '../../lib/presets.ts';
import { AssistantPicker } from './assistant-picker.tsx';
import { ContextMeter } from './context-meter.tsx';
import { KnowledgePicker } from './knowledge-picker.tsx';
import type { Mention } from './mention-list.tsx';
import { ModelPicker } from './model-picker.tsx';

const SettingsDialog = lazy(async () => ({
  default: (await import('./settings-dialog.tsx')).SettingsDialog,
}));

export interface ComposerBarProps {
  settings: ChatSettings;
  onSettings: (change: Partial<ChatSettings>) => void;
  count: Count | null;
  running: boolean;
  sending: boolean;
  empty: boolean;
  /** Collections are being chosen. */
  picking: boolean;
  onPicking: (open: boolean) => void;
  onKnowledge: (chosen: string[]) => void;
  /** Set while an @ is being answered. */
  onMention: ((mention: Mention) => void) | null;
  onAttach: (files: File[]) => void;
  onStop: () => void;
}

export function ComposerBar({
  settings,
  onSettings,
  count,
  running,
  sending,
  empty,
  picking,
  ...on
}: ComposerBarProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [open, setOpen] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const changed = changedCount(settings.parameters) + (settings.system === '' ? 0 : 1);
  return (
    <div className="flex items-center gap-0.5 p-1.5">
      <IconButton
        label={t('attach.button')}
        icon={<Paperclip />}
        className="size-8"
        onClick={() => files.current?.click()}
      />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t('attach.button')}
        onChange={(event) => {
          on.onAttach([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <KnowledgePicker
        chosen={settings.knowledge}
        onChange={on.onKnowledge}
        open={picking}
        onOpenChange={on.onPicking}
        onMention={on.onMention}
      />
      <AssistantPicker agent={settings.agent} tools={settings.tools} onChange={onSettings} />
      <IconButton
        label={changed === 0 ? t('settings.title') : t('settings.changed', { count: changed })}
        icon={<SlidersHorizontal className={changed === 0 ? '' : 'text-accent'} />}
        className="size-8"
        onClick={() => setOpen(true)}
      />
      <ModelPicker model={settings.model} onChange={(model) => onSettings({ model })} />
      <span className="grow" />
      <ContextMeter count={count} />
      {running ? (
        <IconButton
          label={t('composer.stop')}
          icon={<Square className="fill-current" />}
          look="primary"
          className="ml-1 size-8"
          onClick={on.onStop}
        />
      ) : (
        <IconButton
          label={t('common:send')}
          icon={<ArrowUp />}
          look="primary"
          type="submit"
          className="ml-1 size-8"
          disabled={empty || sending}
          aria-busy={sending}
        />
      )}
      {open ? (
        <Suspense fallback={null}>
          <SettingsDialog settings={settings} onApply={onSettings} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}
