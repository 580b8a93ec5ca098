// The labels that stand on a version, as chips that move: a chip's menu takes it to another version, or away.
import ArrowRight from 'lucide-react/icons/arrow-right';
import Tag from 'lucide-react/icons/tag';
import X from 'lucide-react/icons/x';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelSchema, type Prompt, type PromptVersion } from '../../../../../contracts/prompt.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { Popover } from '../../../components/ui/popover.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useRights } from '../../../lib/session.ts';
import { useSetLabel } from '../api/prompts.ts';

export interface LabelChipsProps {
  prompt: Prompt;
  version: number;
  versions: readonly PromptVersion[];
}

const usual = ['production', 'staging'];
/** Versions that a menu offers; a label goes further back by that version's own button. */
const OFFERED = 8;

export function LabelChips({ prompt, version, versions }: LabelChipsProps) {
  const { t } = useTranslation('prompts');
  const say = useErrorText();
  const set = useSetLabel(prompt.id);
  const move = (label: string, to: number | null) =>
    set.mutate(
      { label, version: to },
      { onError: (error) => toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' }) },
    );
  const mayMove = useRights().may('prompts');
  const here = Object.keys(prompt.labels).filter((label) => prompt.labels[label] === version);
  if (!mayMove)
    return here.map((label) => (
      <Badge key={label} tone="accent">
        {label}
      </Badge>
    ));
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {here.map((label) => (
        <Menu
          key={label}
          trigger={
            <button
              type="button"
              aria-label={t('label_move', { label })}
              className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs text-accent hover:bg-pressed"
            >
              {label}
            </button>
          }
          items={[
            ...versions
              .filter((one) => one.version !== version)
              .slice(0, OFFERED)
              .map((one) => ({
                label: t('label_to', { version: one.version }),
                icon: <ArrowRight />,
                onSelect: () => move(label, one.version),
              })),
            { label: t('label_away'), icon: <X />, danger: true, onSelect: () => move(label, null) },
          ]}
        />
      ))}
      <AddLabel
        version={version}
        known={[...new Set([...usual, ...Object.keys(prompt.labels)])].filter(
          (label) => !here.includes(label),
        )}
        onAdd={(label) => move(label, version)}
      />
    </span>
  );
}

function AddLabel({
  version,
  known,
  onAdd,
}: {
  version: number;
  known: readonly string[];
  onAdd: (label: string) => void;
}) {
  const { t } = useTranslation('prompts');
  const list = useId();
  const [open, setOpen] = useState(false);
  const [label, setLabel] = useState('');
  const wrong = label !== '' && (!labelSchema.safeParse(label).success || label === 'latest');
  const add = (chosen: string) => {
    onAdd(chosen);
    setOpen(false);
    setLabel('');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label !== '' && !wrong) add(label);
  };
  return (
    <Popover
      label={t('label_add', { version })}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton label={t('label_add', { version })} icon={<Tag />} size="small" />}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <div className="flex flex-wrap gap-1.5">
          {known.map((one) => (
            <Button key={one} size="small" onClick={() => add(one)}>
              {one}
            </Button>
          ))}
        </div>
        <Field label={t('label_new')} error={wrong ? t('label_wrong') : null}>
          {(control) => (
            <Input
              {...control}
              list={list}
              value={label}
              maxLength={32}
              spellCheck={false}
              onChange={(event) => setLabel(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" size="small" disabled={label === '' || wrong} className="self-start">
          {t('label_put')}
        </Button>
      </form>
    </Popover>
  );
}
