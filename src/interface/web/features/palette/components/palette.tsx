// The palette (Ctrl or Command with K): doors, conversations, actions, models, theme and language from the keyboard.
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import Activity from 'lucide-react/icons/activity';
import Bot from 'lucide-react/icons/bot';
import Box from 'lucide-react/icons/box';
import Check from 'lucide-react/icons/check';
import FileInput from 'lucide-react/icons/file-input';
import FlaskConical from 'lucide-react/icons/flask-conical';
import House from 'lucide-react/icons/house';
import Keyboard from 'lucide-react/icons/keyboard';
import Languages from 'lucide-react/icons/languages';
import LayoutGrid from 'lucide-react/icons/layout-grid';
import Library from 'lucide-react/icons/library';
import MessageSquare from 'lucide-react/icons/message-square';
import Plug from 'lucide-react/icons/plug';
import Settings from 'lucide-react/icons/settings';
import Sprout from 'lucide-react/icons/sprout';
import SquarePen from 'lucide-react/icons/square-pen';
import SunMoon from 'lucide-react/icons/sun-moon';
import * as Dialog from 'radix-ui/dialog';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaceText } from '../../../components/place-sign.tsx';
import { Kbd } from '../../../components/ui/kbd.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useSaveOwnSettings, useSetAlias } from '../../../lib/mutations.ts';
import { findModel, useModels, useOwnSettings } from '../../../lib/queries.ts';
import { useFoundConversations } from '../api/find-conversations.ts';

const places = [
  { to: '/', word: 'home', key: 'h', icon: House },
  { to: '/chat', word: 'chat', key: 'c', icon: MessageSquare },
  { to: '/apps', word: 'apps', key: 'p', icon: LayoutGrid },
  { to: '/knowledge', word: 'knowledge', key: 'k', icon: Library },
  { to: '/agents', word: 'agents', key: 'a', icon: Bot },
  { to: '/models', word: 'models', key: 'm', icon: Box },
  { to: '/playground', word: 'playground', key: 'y', icon: FlaskConical },
  { to: '/monitor', word: 'monitor', key: 't', icon: Activity },
  { to: '/improve', word: 'improve', key: 'i', icon: Sprout },
  { to: '/settings', word: 'settings', key: 's', icon: Settings },
] as const;

interface RowProps {
  value: string;
  icon?: ReactNode;
  label: string;
  hint?: ReactNode;
  chosen?: boolean;
  onSelect: () => void;
}

function Row({ value, icon, label, hint, chosen, onSelect }: RowProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm select-none data-[selected=true]:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-quiet"
    >
      {icon}
      <span className="min-w-0 grow truncate">{label}</span>
      {hint ? <span className="max-w-[45%] shrink-0 truncate text-xs text-quiet">{hint}</span> : null}
      {chosen ? <Check aria-hidden="true" /> : null}
    </Command.Item>
  );
}

const group =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-quiet';

export interface PaletteProps {
  onOpenChange: (open: boolean) => void;
  onKeys: () => void;
}

export function Palette({ onOpenChange, onKeys }: PaletteProps) {
  const { t } = useTranslation(['palette', 'shell', 'settings']);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const found = useFoundConversations(wanted);
  const models = useModels();
  const placeText = usePlaceText();
  const settings = useOwnSettings().data;
  const save = useSaveOwnSettings();
  const setAlias = useSetAlias();
  const say = useErrorText();
  const answering = findModel(models.data, 'default');

  /** Closes first, so that the focus is where the action puts it. */
  const run = (action: () => unknown) => () => {
    onOpenChange(false);
    void action();
  };
  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });

  return (
    <Dialog.Root open onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-2 z-40 overflow-hidden rounded-md border border-line bg-raised shadow-float outline-none sm:inset-x-auto sm:top-[14dvh] sm:left-1/2 sm:w-[36rem] sm:-translate-x-1/2"
        >
          <Dialog.Title className="sr-only">{t('title')}</Dialog.Title>
          <Command label={t('title')} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={t('placeholder')}
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[min(26rem,70dvh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-2.5 py-6 text-center text-sm text-quiet">
                {t('empty')}
              </Command.Empty>

              <Command.Group heading={t('actions')} className={group}>
                <Row
                  value={`action new ${t('new_chat')}`}
                  icon={<SquarePen />}
                  label={t('new_chat')}
                  onSelect={run(() => navigate({ to: '/chat' }))}
                />
                <Row
                  value={`action endpoint ${t('add_endpoint')}`}
                  icon={<Plug />}
                  label={t('add_endpoint')}
                  onSelect={run(() => navigate({ to: '/models', search: { add: 'endpoint' } }))}
                />
                <Row
                  value={`action file ${t('import_file')}`}
                  icon={<FileInput />}
                  label={t('import_file')}
                  onSelect={run(() => navigate({ to: '/models', search: { add: 'file' } }))}
                />
                <Row
                  value={`action keys ${t('keys')}`}
                  icon={<Keyboard />}
                  label={t('keys')}
                  hint={<Kbd keys="?" />}
                  onSelect={onKeys}
                />
              </Command.Group>

              {found.data && found.data.length > 0 ? (
                <Command.Group heading={t('conversations')} className={group}>
                  {found.data.map((one) => (
                    <Row
                      key={one.id}
                      // The server has chosen by content: the typed text is part of the value, so that cmdk keeps it.
                      value={`conversation ${one.id} ${one.title ?? ''} ${wanted}`}
                      icon={<MessageSquare />}
                      label={one.title ?? t('untitled')}
                      onSelect={run(() =>
                        navigate({ to: '/chat/$conversationId', params: { conversationId: one.id } }),
                      )}
                    />
                  ))}
                </Command.Group>
              ) : null}

              <Command.Group heading={t('doors')} className={group}>
                {places.map(({ to, word, key, icon: Icon }) => (
                  <Row
                    key={to}
                    value={`door ${t(`shell:${word}`)}`}
                    icon={<Icon />}
                    label={t(`shell:${word}`)}
                    hint={<Kbd keys={`g+${key}`} />}
                    onSelect={run(() => navigate({ to }))}
                  />
                ))}
              </Command.Group>

              <Command.Group heading={t('models')} className={group}>
                {(models.data?.models ?? [])
                  .filter((model) => model.kind === 'chat')
                  .map((model) => (
                    <Row
                      key={model.id}
                      value={`model ${model.id} ${model.displayName}`}
                      icon={<Box />}
                      label={t('use_model', { name: model.displayName })}
                      hint={placeText(model.place)}
                      chosen={model.id === answering?.id}
                      onSelect={run(() =>
                        setAlias.mutate({ alias: 'default', model: model.id }, { onError: failed }),
                      )}
                    />
                  ))}
              </Command.Group>

              <Command.Group heading={t('look')} className={group}>
                {(['auto', 'light', 'dark'] as const).map((theme) => (
                  <Row
                    key={theme}
                    value={`theme ${theme} ${t(`theme_${theme}`)}`}
                    icon={<SunMoon />}
                    label={t(`theme_${theme}`)}
                    chosen={settings?.theme === theme}
                    onSelect={run(() => save.mutate({ theme }, { onError: failed }))}
                  />
                ))}
                {(['auto', 'en', 'fr'] as const).map((language) => (
                  <Row
                    key={language}
                    value={`language langue ${language} ${t(`language_${language}`)}`}
                    icon={<Languages />}
                    label={t(`language_${language}`)}
                    chosen={settings?.language === language}
                    onSelect={run(() => save.mutate({ language }, { onError: failed }))}
                  />
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
