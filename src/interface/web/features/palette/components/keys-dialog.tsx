// The list of keys, opened with "?".
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { Kbd } from '../../../components/ui/kbd.tsx';

const everywhere = [
  ['palette', 'mod+K'],
  ['help', '?'],
  ['home', 'g+h'],
  ['chat', 'g+c'],
  ['apps', 'g+p'],
  ['knowledge', 'g+k'],
  ['agents', 'g+a'],
  ['models', 'g+m'],
  ['playground', 'g+y'],
  ['monitor', 'g+t'],
  ['improve', 'g+i'],
  ['settings', 'g+s'],
] as const;

const composer = [
  ['send', 'Enter'],
  ['break', 'Shift+Enter'],
  ['stop', 'Esc'],
  ['edit', '↑'],
] as const;

const review = [
  ['review_move', 'j+k'],
  ['review_approve', 'a'],
  ['review_reject', 'x'],
  ['review_edit', 'e'],
  ['review_redact', 'r'],
  ['review_undo', 'u'],
] as const;

export function KeysDialog({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation('palette');
  const list = (rows: typeof everywhere | typeof composer | typeof review) => (
    <dl className="divide-y divide-line">
      {rows.map(([word, keys]) => (
        <div key={word} className="flex items-center justify-between gap-4 py-2">
          <dt className="text-sm">{t(`key.${word}`)}</dt>
          <dd>
            <Kbd keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
  return (
    <Dialog open onOpenChange={onOpenChange} title={t('keys')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: from here the arrow keys scroll the list */}
      <div tabIndex={0} data-scrolled-text="" className="outline-none">
        <h3 className="text-xs text-quiet">{t('keys_everywhere')}</h3>
        {list(everywhere)}
        <h3 className="mt-5 text-xs text-quiet">{t('keys_composer')}</h3>
        {list(composer)}
        <h3 className="mt-5 text-xs text-quiet">{t('keys_review')}</h3>
        {list(review)}
      </div>
    </Dialog>
  );
}
