// The review: a list of examples, the one that is open beside it, and keys for both hands.
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronUp from 'lucide-react/icons/chevron-up';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset, Example } from '../../../../../contracts/dataset.ts';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Kbd } from '../../../components/ui/kbd.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useMedia } from '../../../lib/use-media.ts';
import { useExamples } from '../api/list-examples.ts';
import { filterOf, knownCount } from '../lib/example-filter.ts';
import { removalKey, useRemoved } from '../lib/removals.ts';
import type { DatasetSearch } from '../search.ts';
import { BulkBar } from './bulk-bar.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { ExampleRow } from './example-row.tsx';
import { ExampleView } from './example-view.tsx';
import { ReviewFilters } from './review-filters.tsx';
import { useReview } from './use-review.ts';
import { useReviewKeys } from './use-review-keys.ts';

const ROW = 60;
/** So near the end of what is there, more is read. */
const AHEAD = 20;

export interface ReviewViewProps {
  dataset: Dataset;
  search: DatasetSearch;
  mayChange: boolean;
}

export function ReviewView({ dataset, search, mayChange }: ReviewViewProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const beside = useMedia('(min-width: 64rem)');
  const filter = useMemo(() => filterOf(search), [search]);
  const filterKey = JSON.stringify(filter);
  const list = useExamples(dataset.id, filter);
  const removed = useRemoved();
  const review = useReview(dataset.id);
  const examples = useMemo(
    () => (list.data ?? []).filter((one) => !removed.has(removalKey(dataset.id, one.id))),
    [list.data, removed, dataset.id],
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [editing, setEditing] = useState<Example | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is another list
  useEffect(() => {
    setChosen(new Set());
    setAll(false);
  }, [filterKey]);

  const openIndex = examples.findIndex((one) => one.id === search.example);
  // Beside the list something is always open.
  const index = openIndex === -1 && beside ? 0 : openIndex;
  const current = examples[index];
  const picked = examples.filter((one) => chosen.has(one.id));

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: examples.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (at) => examples[at]?.id ?? at,
    overscan: 12,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastDrawn >= examples.length - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastDrawn, examples.length]);

  const open = (at: number | null) => {
    const example = at === null ? undefined : examples[at];
    if (at !== null && !example) return;
    const { example: _, ...was } = search;
    void navigate({
      to: '/improve/datasets/$id',
      params: { id: dataset.id },
      search: { ...was, ...(example ? { example: example.id } : {}) },
      replace: true,
      resetScroll: false,
    });
    if (at !== null) virtual.scrollToIndex(at, { align: 'auto' });
  };
  const next = () => open(Math.min(index + 1, examples.length - 1));
  const previous = () => open(Math.max(index - 1, 0));
  const decide = (status: Example['status']) => {
    if (!current || !mayChange) return;
    review.setStatus([current], status);
    next();
  };
  useReviewKeys({
    j: next,
    k: previous,
    a: () => decide('approved'),
    x: () => decide('rejected'),
    e: () => current && mayChange && setEditing(current),
    r: () => current && mayChange && review.redact([current]),
    u: () => mayChange && review.undo(),
  });

  const counted = knownCount(filter, dataset.counts);
  const shownAll = examples.length > 0 && picked.length === examples.length;
  // What was decided stays in sight though it fits the filter no more: the list counts once it is read whole.
  const total = hasNextPage ? counted : examples.length;
  const where =
    index >= 0 && total !== null
      ? t('review.of', { at: format.whole(index + 1), total: format.whole(Math.max(total, index + 1)) })
      : null;
  const view = current ? (
    <ExampleView
      example={current}
      review={review}
      mayChange={mayChange}
      onEdit={() => setEditing(current)}
      onDecided={next}
    />
  ) : null;
  return (
    <>
      <ReviewFilters dataset={dataset} search={search} />
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows rows={8} label={t('common:loading')} />
      ) : examples.length === 0 ? (
        <p className="rounded-md border border-line py-14 text-center text-sm text-quiet">
          {t('filter.none')}
        </p>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] overflow-hidden rounded-md border border-line bg-raised lg:h-[max(28rem,calc(100dvh-21rem))] lg:grid-cols-[minmax(18rem,2fr)_minmax(0,3fr)]">
          <section
            aria-label={t('review.label')}
            className="flex min-h-0 flex-col border-line max-lg:h-[max(24rem,calc(100dvh-16rem))] lg:border-r"
          >
            {mayChange ? (
              <div className="flex min-h-11 shrink-0 items-center gap-2 border-b border-line bg-sunken pr-2">
                <label className="flex h-11 shrink-0 items-center gap-3 self-start pl-3 text-xs text-quiet">
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    aria-label={t('review.select_all')}
                    checked={shownAll}
                    ref={(box) => {
                      if (box) box.indeterminate = picked.length > 0 && !shownAll;
                    }}
                    onChange={() => {
                      setAll(false);
                      setChosen(new Set(picked.length > 0 ? [] : examples.map((one) => one.id)));
                    }}
                  />
                  {picked.length > 0 ? null : (
                    <span className="lg:hidden" aria-hidden="true">
                      {t('review.select_all')}
                    </span>
                  )}
                </label>
                {picked.length > 0 ? (
                  <BulkBar
                    datasetId={dataset.id}
                    review={review}
                    chosen={picked}
                    all={all}
                    offerAll={shownAll && hasNextPage}
                    count={counted}
                    filter={filter}
                    onAll={() => setAll(true)}
                    onNone={() => {
                      setChosen(new Set());
                      setAll(false);
                    }}
                  />
                ) : (
                  <Keys />
                )}
              </div>
            ) : null}
            <div ref={scroller} className="min-h-0 grow overflow-y-auto">
              <ul
                aria-label={t('review.label')}
                className={list.isPlaceholderData ? 'relative opacity-60' : 'relative'}
                style={{ height: virtual.getTotalSize() }}
              >
                {drawn.map((place) => {
                  const example = examples[place.index];
                  if (!example) return null;
                  return (
                    <li
                      key={place.key}
                      className="absolute inset-x-0 top-0"
                      style={{ height: place.size, transform: `translateY(${place.start}px)` }}
                    >
                      <ExampleRow
                        example={example}
                        current={place.index === index}
                        chosen={all || chosen.has(example.id)}
                        mayChange={mayChange}
                        onOpen={() => open(place.index)}
                        onChoose={(on) => {
                          setAll(false);
                          const set = new Set(chosen);
                          if (on) set.add(example.id);
                          else set.delete(example.id);
                          setChosen(set);
                        }}
                      />
                    </li>
                  );
                })}
              </ul>
              {isFetchingNextPage ? (
                <p role="status" className="py-3 text-center text-xs text-quiet">
                  {t('review.more')}
                </p>
              ) : null}
            </div>
          </section>
          {beside ? (
            <div className="flex min-h-0 flex-col">
              <div className="flex min-h-11 shrink-0 items-center gap-1 border-b border-line bg-sunken px-4">
                <span className="grow text-xs text-quiet tabular">{where}</span>
                <IconButton
                  size="small"
                  label={`${t('review.previous')} (k)`}
                  icon={<ChevronUp />}
                  disabled={index <= 0}
                  onClick={previous}
                />
                <IconButton
                  size="small"
                  label={`${t('review.next')} (j)`}
                  icon={<ChevronDown />}
                  disabled={index >= examples.length - 1}
                  onClick={next}
                />
              </div>
              <div
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
                tabIndex={0}
                className="min-h-0 grow overflow-y-auto p-5 -outline-offset-2"
                key={current?.id}
              >
                {view ?? <p className="text-sm text-quiet">{t('review.open_first')}</p>}
              </div>
            </div>
          ) : null}
        </div>
      )}
      {!beside && current ? (
        <Dialog
          open
          onOpenChange={(now) => !now && open(null)}
          title={where ?? t('example.title')}
          width="wide"
          actions={
            <>
              <IconButton
                label={t('review.previous')}
                icon={<ChevronUp />}
                disabled={index <= 0}
                onClick={previous}
              />
              <IconButton
                label={t('review.next')}
                icon={<ChevronDown />}
                disabled={index >= examples.length - 1}
                onClick={next}
              />
            </>
          }
        >
          {view}
        </Dialog>
      ) : null}
      {editing ? (
        <EditDialog
          kind={dataset.kind}
          example={editing}
          onSave={(body) => review.replace(editing, body)}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </>
  );
}

function Keys() {
  const { t } = useTranslation('datasets');
  const keys = [
    ['j+k', t('review.key_move')],
    ['a', t('review.approve')],
    ['x', t('review.reject')],
    ['u', t('review.undo')],
  ] as const;
  return (
    <p className="hidden min-w-0 flex-wrap items-center gap-x-2.5 gap-y-0.5 py-1 text-xs text-quiet lg:flex">
      <span className="sr-only">{t('review.keys')}</span>
      {keys.map(([key, words]) => (
        <span key={key} className="inline-flex items-center gap-1 whitespace-nowrap">
          <Kbd keys={key} /> {words}
        </span>
      ))}
    </p>
  );
}
