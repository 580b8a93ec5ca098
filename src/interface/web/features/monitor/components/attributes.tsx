// Parameters and other recorded attributes of a step, under the names that OpenTelemetry gives them.
import { useTranslation } from 'react-i18next';
import { attribute, type Span, spanNotices } from '../../../../../contracts/span.ts';
import { Rows } from '../../../components/page.tsx';
import { useNoticeText } from '../../../lib/notice-text.ts';

const written = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : JSON.stringify(value);

function Table({ title, rows }: { title: string; rows: readonly [string, unknown][] }) {
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className="mb-2 text-xs font-semibold text-quiet">{title}</h3>
      <Rows label={title}>
        {rows.map(([name, value]) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-4 px-3 py-1.5">
            <span className="w-72 max-w-full shrink-0 font-mono text-xs break-all text-quiet">{name}</span>
            <span className="tabular min-w-0 font-mono text-xs break-words">{written(value)}</span>
          </li>
        ))}
      </Rows>
    </div>
  );
}

export function Attributes({ span }: { span: Span }) {
  const { t } = useTranslation('monitor');
  const notice = useNoticeText();
  const all = Object.entries(span.attributes).filter(([, value]) => value !== null && value !== undefined);
  const asked = all.filter(([name]) => name.includes('.request.') && name !== attribute.requestModel);
  const said = spanNotices(span.attributes);
  const worded: readonly string[] = [attribute.notes, attribute.notices];
  const rest = all.filter((row) => !asked.includes(row) && !worded.includes(row[0]));
  if (all.length === 0) return <p className="text-quiet">{t('no_attributes')}</p>;
  return (
    <div className="flex flex-col gap-6">
      {said.length > 0 ? (
        <ul className="rounded-md bg-needs-soft px-4 py-3">
          {said.map((one) => (
            <li key={one.message}>{notice(one)}</li>
          ))}
        </ul>
      ) : null}
      <Table title={t('view.parameters')} rows={asked} />
      <Table title={t('recorded')} rows={rest} />
    </div>
  );
}
