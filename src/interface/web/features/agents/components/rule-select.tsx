// When a tool must ask first: as it says itself, never, always, or by a rule that it brings.
import { useTranslation } from 'react-i18next';
import { Select } from '../../../components/ui/select.tsx';

const OWN = '(own)';

export function useRuleText(): (rule: string) => string {
  const { t, i18n } = useTranslation('agents');
  return (rule) => {
    if (rule === 'never' || rule === 'always') return t(`rule.${rule}`);
    const key = `rule.known.${rule}`;
    return i18n.exists(key, { ns: 'agents' }) ? String(t(key as never)) : t('rule.predicate', { rule });
  };
}

export interface RuleSelectProps {
  tool: string;
  /** That the tool brings, beside never and always. */
  predicates: readonly string[];
  /** null: what stands below counts. */
  value: string | null;
  /** The rule that counts when none is chosen here. */
  own: string | null;
  onChange: (rule: string | null) => void;
  className?: string;
  disabled?: boolean;
}

export function RuleSelect({ tool, predicates, value, own, onChange, className, disabled }: RuleSelectProps) {
  const { t } = useTranslation('agents');
  const ruleText = useRuleText();
  const rules = new Set(['never', 'always', ...predicates, ...[own, value].filter((one) => one !== null)]);
  return (
    <Select
      label={t('rule.label', { tool })}
      value={value ?? OWN}
      {...(className ? { className } : {})}
      {...(disabled ? { disabled } : {})}
      options={[
        {
          value: OWN,
          label: own === null ? t('rule.own') : t('rule.own_known', { rule: ruleText(own) }),
        },
        ...[...rules].map((rule) => ({ value: rule, label: ruleText(rule) })),
      ]}
      onChange={(next) => onChange(next === OWN ? null : next)}
    />
  );
}
