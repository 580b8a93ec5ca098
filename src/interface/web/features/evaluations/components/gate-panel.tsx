// Before the switch: thresholds with their names, what the evaluation gives for each, and which alias is switched.
import ArrowRightLeft from 'lucide-react/icons/arrow-right-left';
import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation, Gate, GateVerdict } from '../../../../../contracts/evaluation.ts';
import type { PromotionInput } from '../../../../../contracts/tuned-model.ts';
import { Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { Slider } from '../../../components/ui/slider.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useEvaluations } from '../../../lib/learning.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { useGateCheck, usePromote } from '../api/promotions.ts';
import { newGate, thresholds } from '../lib/gate-draft.ts';
import { RegressionSets } from './regression-sets.tsx';
import { SetName } from './set-name.tsx';
import { ThresholdField } from './threshold-field.tsx';
import { useSubjectName } from './use-words.ts';

export function GatePanel({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation(['evaluations', 'common', 'access']);
  const format = useFormat();
  const nameOf = useSubjectName();
  const models = useModels();
  const promote = usePromote();
  const maySwitch = useRights().may('providers');
  const { subjects } = evaluation.input;
  const compared = subjects.slice(1).filter(({ prompt }) => prompt === null);
  const [model, setModel] = useState(compared.at(0)?.model ?? '');
  const [set, setGate] = useState<Gate>(newGate);
  const [parityAsked, setParityAsked] = useState<boolean | null>(null);
  const [share, setShare] = useState(1);

  const base = subjects[0]?.model;
  const list = models.data;
  const asked = (alias: string) =>
    list?.aliases[alias] ?? (alias === 'default' ? (list?.default ?? undefined) : undefined);
  // Only of a model that was tuned here there is a trainer to agree with.
  const needParity = parityAsked ?? findModel(list, model)?.tuned === true;
  const gate = { ...set, needParity };
  const baseId = findModel(list, base ?? null)?.id ?? base;
  const aliases = useMemo(() => [...new Set(['default', ...Object.keys(list?.aliases ?? {})])], [list]);
  // The alias that asks the compared model now is the one that may be switched by this evaluation.
  const fitting = aliases.find((one) => one === base || asked(one) === baseId);
  const [picked, setPicked] = useState<string | null>(null);
  const alias = picked ?? fitting ?? 'default';

  const input: PromotionInput | null =
    model === '' || list === undefined ? null : { alias, model, evaluationId: evaluation.id, gate, share: 1 };
  const check = useGateCheck(input);
  const passed = check.data?.passed === true && !check.isPlaceholderData && !check.error;
  if (compared.length === 0) return null;
  return (
    <Section id="gate" title={t('gate.title')} lead={t('gate.lead')}>
      <div className="grid gap-6 rounded-md border border-line bg-raised px-4 py-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            {compared.length > 1 ? (
              <Field label={t('gate.model')}>
                {(control) => (
                  <Select
                    {...control}
                    value={model}
                    onChange={setModel}
                    options={compared.map((one) => ({ value: one.model, label: nameOf(one) }))}
                  />
                )}
              </Field>
            ) : null}
            <Field label={t('gate.alias')} hint={t('gate.alias_hint')}>
              {(control) => (
                <Select
                  {...control}
                  value={alias}
                  onChange={setPicked}
                  options={aliases.map((one) => ({
                    value: one,
                    label: one,
                    hint: t('gate.asks_now', {
                      model: findModel(list, one)?.displayName ?? asked(one) ?? '–',
                    }),
                  }))}
                />
              )}
            </Field>
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            {thresholds.map((name) => (
              <ThresholdField
                key={name}
                name={name}
                value={gate[name]}
                onChange={(value) => setGate((now) => ({ ...now, [name]: value }))}
              />
            ))}
          </div>
          <RegressionSets
            evaluation={evaluation}
            value={gate.regressionSets}
            onChange={(regressionSets) => setGate((now) => ({ ...now, regressionSets }))}
          />
          <Field label={t('gate.needParity')} hint={t('gate.needParity_hint')}>
            {(control) => <Switch {...control} checked={gate.needParity} onChange={setParityAsked} />}
          </Field>
        </div>
        <div className="min-w-0">
          {check.error ? (
            <ErrorState error={check.error} onRetry={() => void check.refetch()} />
          ) : check.data ? (
            <div className={check.isPlaceholderData ? 'opacity-60' : undefined}>
              <Checks verdict={check.data} />
            </div>
          ) : (
            <Skeleton className="h-40" />
          )}
          <div className="mt-5 border-t border-line pt-4">
            <p className="flex justify-between gap-3 text-sm font-semibold">
              <span>{t('gate.share')}</span>
              <span className="tabular font-normal">
                {share === 1 ? t('gate.all') : t('gate.canary', { share: format.percent(share) })}
              </span>
            </p>
            <Slider
              label={t('gate.share')}
              value={share}
              valueText={format.percent(share)}
              onChange={setShare}
              min={0.05}
              max={1}
              step={0.05}
            />
            <p className="text-xs text-quiet">{t('gate.share_hint')}</p>
            {promote.error ? <ErrorState className="mt-3" error={promote.error} /> : null}
            <Button
              look="primary"
              className="mt-4"
              icon={<ArrowRightLeft />}
              busy={promote.isPending}
              disabled={!maySwitch || input === null || !passed}
              onClick={() => input && promote.mutate({ ...input, share })}
            >
              {t('gate.switch', { alias })}
            </Button>
            {maySwitch ? null : <p className="mt-2 text-xs text-quiet">{t('access:not_yours')}</p>}
            {check.data && !passed && !check.error ? (
              <p className="mt-2 text-xs text-quiet">{t('gate.closed')}</p>
            ) : null}
          </div>
        </div>
      </div>
    </Section>
  );
}

function Checks({ verdict }: { verdict: GateVerdict }) {
  const { t, i18n } = useTranslation('evaluations');
  const format = useFormat();
  const word = (name: string) => {
    const key = `check.${name}`;
    return i18n.exists(key, { ns: 'evaluations' }) ? String(t(key as never)) : name;
  };
  const others = useEvaluations().data ?? [];
  /** A fall on which of the sets: two may have one name. */
  const setOf = (id: string | null) => {
    const found = id === null ? undefined : others.find((one) => one.id === id);
    return found ? (
      <span className="block text-xs">
        <SetName evaluation={found} hour />
      </span>
    ) : null;
  };
  const number = (value: number) => {
    if (Number.isInteger(value)) return format.whole(value);
    return Math.abs(value) < 0.01
      ? value.toLocaleString(i18n.language, { maximumSignificantDigits: 2 })
      : format.decimal(value, 2);
  };
  return (
    <table className="w-full text-sm">
      <caption className="mb-2 text-left text-sm font-semibold">
        {verdict.passed ? t('gate.open') : t('gate.shut')}
      </caption>
      <thead className="text-xs text-quiet">
        <tr>
          <th className="py-1 pr-3 text-left">{t('check.title')}</th>
          <th className="py-1 pr-3 text-right">{t('check.value')}</th>
          <th className="py-1 pr-3 text-right">{t('check.threshold')}</th>
          <th className="py-1 text-left">{t('check.outcome')}</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {verdict.checks.map((check) => (
          <tr key={`${check.name} ${check.evaluationId ?? ''}`}>
            <th scope="row" className="py-1.5 pr-3 text-left font-normal">
              {word(check.name)}
              {setOf(check.evaluationId)}
              {check.reason ? (
                <span className="block text-xs text-failed">{t(`reason.${check.reason}`)}</span>
              ) : null}
            </th>
            <td className="tabular py-1.5 pr-3 text-right">
              {check.value === null ? '–' : number(check.value)}
            </td>
            <td className="tabular py-1.5 pr-3 text-right text-quiet">
              {check.threshold === null ? '–' : number(check.threshold)}
            </td>
            <td className={check.passed ? 'py-1.5 text-ready' : 'py-1.5 text-failed'}>
              <span className="inline-flex items-center gap-1">
                {check.passed ? (
                  <Check aria-hidden="true" className="size-4" />
                ) : (
                  <X aria-hidden="true" className="size-4" />
                )}
                {check.passed ? t('check.passed') : t('check.failed')}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
