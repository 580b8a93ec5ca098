// Copies a text and says that it did, or how to copy where the browser refuses.
import { useTranslation } from 'react-i18next';
import { copyText } from '../lib/copy-text.ts';
import { toast } from './ui/toast.tsx';

export function useCopy(): (text: string) => void {
  const { t } = useTranslation('common');
  return (text) =>
    void copyText(text).then((copied) =>
      copied
        ? toast({ title: t('copied'), durationMs: 3000 })
        : toast({ title: t('copy_failed'), detail: t('copy_failed_text'), tone: 'failed' }),
    );
}
