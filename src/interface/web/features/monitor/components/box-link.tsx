// From a step to the door of the box that it belongs to in the drawing.
import { useRouter } from '@tanstack/react-router';
import ArrowUpRight from 'lucide-react/icons/arrow-up-right';
import { useTranslation } from 'react-i18next';
import { boxOf, doorOfBox } from '../../../lib/system-boxes.ts';

export function BoxLink({ kind }: { kind: string }) {
  const { t } = useTranslation(['monitor', 'home']);
  const router = useRouter();
  const box = boxOf(kind);
  const href = doorOfBox[box];
  return (
    <a
      href={href}
      onClick={(event) => {
        // The API page is no page of this program's router.
        if (href === '/docs' || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        router.history.push(href);
      }}
      className="inline-flex items-center gap-1 rounded-sm text-sm text-quiet underline decoration-line underline-offset-4 hover:text-ink hover:decoration-current"
    >
      {t('in_drawing', { box: t(`home:drawing.box.${box}`) })}
      <ArrowUpRight className="size-3.5" aria-hidden="true" />
    </a>
  );
}
