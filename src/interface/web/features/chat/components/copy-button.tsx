// Copies a text and says so.
import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { copyText } from '../../../lib/copy-text.ts';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton
        label={copied ? t('copied') : label}
        icon={copied ? <Check /> : <Copy />}
        size="small"
        onClick={async () => {
          if (await copyText(text)) setCopied(true);
          else toast({ title: t('copy_failed'), detail: t('copy_failed_text'), tone: 'failed' });
        }}
      />
      <span role="status" className="sr-only">
        {copied ? t('copied') : ''}
      </span>
    </>
  );
}
