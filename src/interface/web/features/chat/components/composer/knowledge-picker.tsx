// Chooses the collections that answers are drawn from: a button, and behind it all collections, searched by typing.
import Library from 'lucide-react/icons/library';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { Popover } from '../../../../components/ui/popover.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import type { Mention } from './mention-list.tsx';

const MentionList = lazy(async () => ({ default: (await import('./mention-list.tsx')).MentionList }));
const KnowledgeList = lazy(async () => ({ default: (await import('./knowledge-list.tsx')).KnowledgeList }));

export interface KnowledgePickerProps {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** An @ opened it: one name is chosen, of whatever kind. */
  onMention: ((mention: Mention) => void) | null;
}

export function KnowledgePicker({ chosen, onChange, open, onOpenChange, onMention }: KnowledgePickerProps) {
  const { t } = useTranslation(['knowledge', 'chat', 'common']);
  const label = chosen.length === 0 ? t('chat.button') : t('chat.button_chosen', { count: chosen.length });
  return (
    <Popover
      label={onMention === null ? t('chat.choose') : t('chat:mention.label')}
      open={open}
      onOpenChange={onOpenChange}
      className="w-80 p-0!"
      side="top"
      trigger={
        <IconButton
          label={label}
          icon={<Library className={chosen.length === 0 ? '' : 'text-accent'} />}
          className="size-8"
        />
      }
    >
      <Suspense fallback={<SkeletonRows rows={3} label={t('common:loading')} className="p-1" />}>
        {onMention === null ? (
          <KnowledgeList chosen={chosen} onChange={onChange} onLeave={() => onOpenChange(false)} />
        ) : (
          <MentionList onChoose={onMention} />
        )}
      </Suspense>
    </Popover>
  );
}
