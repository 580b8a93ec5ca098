// The way from a recorded answer into a dataset; what it opens is fetched when it is pressed.
import ListPlus from 'lucide-react/icons/list-plus';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '../../lib/session.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';

const TakeDialog = lazy(async () => ({ default: (await import('./take-dialog.tsx')).TakeDialog }));

export interface TakeButtonProps {
  traceId: string;
  spanId: string;
  /** Whose words these are. Of other people's, what they agreed to comes in by collecting. */
  userId: string | null;
  look: 'icon' | 'button';
}

export function TakeButton({ traceId, spanId, userId, look }: TakeButtonProps) {
  const { t } = useTranslation('shell');
  const { accounts, user, may } = useRights();
  const [open, setOpen] = useState(false);
  if (!may('learning') || (accounts && userId !== null && userId !== user?.id)) return null;
  return (
    <>
      {look === 'icon' ? (
        <IconButton size="small" label={t('to_dataset')} icon={<ListPlus />} onClick={() => setOpen(true)} />
      ) : (
        <Button size="small" icon={<ListPlus />} onClick={() => setOpen(true)}>
          {t('to_dataset')}
        </Button>
      )}
      {open ? (
        <Suspense fallback={null}>
          <TakeDialog traceId={traceId} spanId={spanId} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
