// "Show as code": the call of one column.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeSamples } from '../../../components/code-samples.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { codeOf } from '../lib/code-of.ts';
import { type PlaygroundState, sentMessages, TOP_SHOWN } from '../lib/state.ts';

export function CodeDialog({ state, onClose }: { state: PlaygroundState; onClose: () => void }) {
  const { t } = useTranslation('playground');
  const { columns, messages, probabilities } = state;
  const [key, setKey] = useState(columns[0]?.key ?? '');
  const column = columns.find((one) => one.key === key) ?? columns[0];
  if (column === undefined) return null;
  const order = {
    model: column.model,
    parameters: column.parameters,
    messages: sentMessages(messages),
    topLogprobs: probabilities ? TOP_SHOWN : null,
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('code.title')} width="wide">
      {columns.length > 1 ? (
        <Select
          className="mb-3"
          label={t('code.column')}
          value={column.key}
          options={columns.map((one, index) => ({
            value: one.key,
            label: `${t('column', { number: index + 1 })} · ${one.model}`,
          }))}
          onChange={setKey}
        />
      ) : null}
      <CodeSamples key={column.key} lead={t('code.lead')} samples={codeOf(order, location.origin)} />
    </Dialog>
  );
}
