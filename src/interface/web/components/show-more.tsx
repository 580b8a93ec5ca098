// The end of a list that is read page by page: how many are shown, and the next ones.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../lib/format.ts';
import { Button } from './ui/button.tsx';

export interface ShowMoreProps {
  shown: number;
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Nothing where everything is shown. */
export function ShowMore({ shown, list }: ShowMoreProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!list.hasNextPage) return null;
  return (
    <div className="mt-4 flex items-center justify-between gap-4">
      <p className="tabular text-xs text-quiet">{t('shown_of_more', { n: format.whole(shown) })}</p>
      <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t('show_more')}
      </Button>
    </div>
  );
}
