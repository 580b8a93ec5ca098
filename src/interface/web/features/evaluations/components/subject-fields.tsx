// Who is asked: models, each perhaps under a kept prompt and with settings of its own. The first is what the others are
// compared with.
import Plus from 'lucide-react/icons/plus';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import Trash2 from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { Subject } from '../../../../../contracts/evaluation.ts';
import { ModelSelect } from '../../../components/answers/model-select.tsx';
import { ParameterFields } from '../../../components/answers/parameter-fields.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Popover } from '../../../components/ui/popover.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { usePrompts } from '../../../lib/prompts.ts';
import { useParametersText } from './use-words.ts';

const MOST = 16;

export interface SubjectFieldsProps {
  subjects: Subject[];
  onChange: (subjects: Subject[]) => void;
}

export function SubjectFields({ subjects, onChange }: SubjectFieldsProps) {
  const { t } = useTranslation('evaluations');
  const prompts = usePrompts().data ?? [];
  const parameters = useParametersText();
  const put = (at: number, part: Partial<Subject>) =>
    onChange(subjects.map((one, i) => (i === at ? { ...one, ...part } : one)));
  return (
    <>
      <ol aria-label={t('subjects')} className="flex flex-col gap-2">
        {subjects.map((subject, i) => {
          const number = i + 1;
          const prompt = prompts.find(({ name }) => name === subject.prompt?.name);
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a subject is known by its place
              key={i}
              className="rounded-md border border-line bg-raised px-3 py-3"
            >
              <div className="flex flex-wrap items-center gap-2">
                <ModelSelect
                  label={t('new.subject_model', { number })}
                  className="min-w-52 grow basis-52"
                  value={subject.model}
                  onChange={(model) => put(i, { model })}
                />
                {prompts.length > 0 ? (
                  <Select
                    label={t('new.subject_prompt', { number })}
                    className="min-w-44 grow basis-44"
                    value={subject.prompt?.name ?? '-'}
                    onChange={(name) => {
                      const found = prompts.find((one) => one.name === name);
                      put(i, { prompt: found ? { name: found.name, version: found.latest.version } : null });
                    }}
                    options={[
                      { value: '-', label: t('new.no_prompt') },
                      ...prompts.map(({ name, description }) => ({
                        value: name,
                        label: name,
                        hint: description,
                      })),
                    ]}
                  />
                ) : null}
                {prompt && subject.prompt ? (
                  <Select
                    label={t('new.subject_version', { number })}
                    className="w-32!"
                    value={String(subject.prompt.version)}
                    onChange={(version) =>
                      put(i, { prompt: { name: prompt.name, version: Number(version) } })
                    }
                    options={Array.from({ length: prompt.latest.version }, (_, at) => {
                      const version = String(prompt.latest.version - at);
                      return { value: version, label: t('version', { version }) };
                    })}
                  />
                ) : null}
                <Popover
                  label={t('new.subject_settings', { number })}
                  align="end"
                  className="w-96 max-w-[90vw]"
                  trigger={
                    <IconButton label={t('new.subject_settings', { number })} icon={<SlidersHorizontal />} />
                  }
                >
                  <ParameterFields
                    parameters={subject.parameters}
                    onChange={(parameters) => put(i, { parameters })}
                  />
                </Popover>
                <IconButton
                  label={t('new.subject_remove', { number })}
                  icon={<Trash2 />}
                  disabled={subjects.length === 1}
                  onClick={() => onChange(subjects.filter((_, at) => at !== i))}
                />
              </div>
              <p className="mt-1.5 text-xs text-quiet">
                {[i === 0 ? t('against_this') : '', parameters(subject)]
                  .filter((part) => part !== '')
                  .join(' · ') || t('new.as_model')}
              </p>
            </li>
          );
        })}
      </ol>
      <Button
        className="mt-3"
        size="small"
        icon={<Plus />}
        disabled={subjects.length >= MOST}
        onClick={() => onChange([...subjects, { model: 'default', prompt: null, parameters: {} }])}
      >
        {t('new.subject_add')}
      </Button>
    </>
  );
}
