// What is done to the examples that are selected, or to all that fit the filters.
import Check from 'lucide-react/icons/check';
import EyeOff from 'lucide-react/icons/eye-off';
import Split from 'lucide-react/icons/split';
import X from 'lucide-react/icons/x';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Example, splits } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { useChangeFiltered } from '../api/change-examples.ts';
import type { ExampleFilter } from '../lib/example-filter.ts';
import type { Review } from './use-review.ts';

export interface BulkBarProps {
  datasetId: string;
  review: Review;
  chosen: readonly Example[];
  /** All that fit are meant, those too that are not shown yet. */
  all: boolean;
  /** Everything shown is selected, and there is more. */
  offerAll: boolean;
  /** How many fit, where that is known. */
  count: number | null;
  filter: ExampleFilter;
  onAll: () => void;
  onNone: () => void;
}

export function BulkBar(props: BulkBarProps) {
  const { datasetId, review, chosen, all, offerAll, count, filter, onAll, onNone } = props;
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const say = useErrorText();
  const change = useChangeFiltered(datasetId);
  const [asking, setAsking] = useState<'approved' | 'rejected' | null>(null);
  const decide = (status: 'approved' | 'rejected') => {
    if (all) return setAsking(status);
    review.setStatus(chosen, status);
    onNone();
  };
  const confirm = (status: 'approved' | 'rejected') =>
    change.mutate(
      { filter, change: { status } },
      {
        onSuccess: ({ changed }) => {
          setAsking(null);
          onNone();
          toast({ title: t(`review.${status}`, { count: changed, n: format.whole(changed) }) });
        },
        onError: (error) => toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' }),
      },
    );
  return (
    <div className="flex min-w-0 grow flex-wrap items-center gap-x-1 gap-y-1 py-1 text-sm">
      <span role="status" className="mr-1 font-semibold tabular">
        {all
          ? count === null
            ? t('review.filtered')
            : t('review.filtered_n', { count, n: format.whole(count) })
          : t('review.chosen', { count: chosen.length, n: format.whole(chosen.length) })}
      </span>
      <Button size="small" look="quiet" icon={<Check />} onClick={() => decide('approved')}>
        {t('review.approve')}
      </Button>
      <Button size="small" look="quiet" icon={<X />} onClick={() => decide('rejected')}>
        {t('review.reject')}
      </Button>
      {all ? null : (
        <>
          <IconButton
            size="small"
            label={t('review.redact')}
            icon={<EyeOff />}
            disabled={chosen.every((one) => one.findings.length === 0)}
            onClick={() => {
              review.redact(chosen);
              onNone();
            }}
          />
          <Menu
            trigger={<IconButton size="small" label={t('example.split')} icon={<Split />} />}
            items={splits.map((split) => ({
              label: t('review.move', { split: t(`split.${split}`) }),
              onSelect: () => {
                review.move(chosen, split);
                onNone();
              },
            }))}
          />
        </>
      )}
      {offerAll && !all ? (
        <Button size="small" look="quiet" className="-ml-2.5 text-accent!" onClick={onAll}>
          {count === null
            ? t('review.all_filtered_open')
            : t('review.all_filtered', { n: format.whole(count) })}
        </Button>
      ) : null}
      {asking ? (
        <Dialog
          open
          onOpenChange={(open) => !open && setAsking(null)}
          title={t('review.confirm_title')}
          description={t('review.confirm_text')}
          actions={
            <>
              <Button look="quiet" onClick={() => setAsking(null)}>
                {t('common:cancel')}
              </Button>
              <Button look="primary" busy={change.isPending} onClick={() => confirm(asking)}>
                {t(asking === 'approved' ? 'review.confirm_approve' : 'review.confirm_reject')}
              </Button>
            </>
          }
        />
      ) : null}
    </div>
  );
}
