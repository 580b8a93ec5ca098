// Another file of a tuned model: an adapter beside its base, or one file of both, in a quantisation.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingInput } from '../../../../../contracts/training.ts';
import { quantisations, type TunedFile, type TunedModel } from '../../../../../contracts/tuned-model.ts';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useMakeFile } from '../api/tuned-models.ts';

type Choice = `${TunedFile['form']} ${TunedFile['quantisation']}`;

export function MakeFile({
  model,
  adaptation,
}: {
  model: TunedModel;
  adaptation: TrainingInput['adaptation'];
}) {
  const { t } = useTranslation('training');
  const make = useMakeFile(model.id);
  const there = new Set(model.files.map(({ form, quantisation }) => `${form} ${quantisation}`));
  const choices: Choice[] = [
    ...quantisations.map((one): Choice => `merged ${one}`),
    ...(adaptation === 'lora' ? (['adapter F32'] as const) : []),
  ].filter((one) => !there.has(one));
  const [choice, setChoice] = useState<Choice | null>(null);
  const first = choices.find((one) => one === 'merged Q8_0') ?? choices[0];
  const wanted = choice !== null && choices.includes(choice) ? choice : first;
  if (wanted === undefined) return null;
  const [form, quantisation] = wanted.split(' ') as [TunedFile['form'], TunedFile['quantisation']];
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm text-quiet">{t('tuned.another')}</span>
        <Select
          label={t('tuned.another')}
          className="w-auto! min-w-64"
          value={wanted}
          onChange={setChoice}
          options={choices.map((value) => {
            const [one, type] = value.split(' ') as [TunedFile['form'], TunedFile['quantisation']];
            return { value, label: `${t(`form.${one}`)}, ${type}`, hint: t(`quantisation.${type}`) };
          })}
        />
        <Button busy={make.isPending} onClick={() => make.mutate({ form, quantisation })}>
          {t('tuned.make')}
        </Button>
      </div>
      {make.error ? <ErrorState error={make.error} /> : null}
    </>
  );
}
