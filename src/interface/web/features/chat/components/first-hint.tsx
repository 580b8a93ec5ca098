// The one hint that a person ever gets: after the first answer, that files can be dropped here.
import X from 'lucide-react/icons/x';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/ui/icon-button.tsx';

const KEY = 'atelier.hint.attach';

/** Which answer the hint belongs to; anything else than null means that it was shown. */
function readHint(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Without storage "once" cannot be kept: then never.
    return 'unknown';
  }
}

export function FirstHint({ answerId }: { answerId: string }) {
  const { t } = useTranslation(['chat', 'common']);
  const [shown, setShown] = useState(() => {
    const before = readHint();
    if (before !== null) return before === answerId;
    localStorage.setItem(KEY, answerId);
    return true;
  });
  if (!shown) return null;
  return (
    <p className="mt-4 flex w-fit items-center gap-2 rounded-md border border-line py-1 pr-1 pl-3.5 text-sm text-quiet">
      {t('hint.attach')}
      <IconButton
        label={t('common:close')}
        icon={<X />}
        size="small"
        onClick={() => {
          localStorage.setItem(KEY, 'closed');
          setShown(false);
        }}
      />
    </p>
  );
}
