// A new password: typed, or one that the page makes up and shows so that it can be handed on.
import Dices from 'lucide-react/icons/dices';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';

const LEAST = 12;
export const goodPassword = (password: string): boolean => password.length >= LEAST;

/** 20 characters that nobody mistakes for one another, about 100 bits. */
function makePassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  return [...crypto.getRandomValues(new Uint8Array(20))]
    .map((byte, index) => (index > 0 && index % 5 === 0 ? '-' : '') + letters[byte % letters.length])
    .join('');
}

export interface PasswordFieldProps {
  value: string;
  onChange: (password: string) => void;
  /** Say what is missing. */
  tried: boolean;
  /** For somebody else: one can be made up. */
  forOther?: boolean;
}

export function PasswordField({ value, onChange, tried, forOther = false }: PasswordFieldProps) {
  const { t } = useTranslation('access');
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={t('password')}
      hint={t(forOther ? 'password_hint_other' : 'password_hint')}
      error={tried && !goodPassword(value) ? t('password_short') : null}
    >
      {(control) => (
        <div className="flex gap-2">
          <Input
            {...control}
            type={shown ? 'text' : 'password'}
            autoComplete="new-password"
            spellCheck={false}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className={shown ? 'font-mono' : ''}
          />
          {forOther ? (
            <IconButton
              label={t('password_make')}
              icon={<Dices />}
              onClick={() => {
                setShown(true);
                onChange(makePassword());
              }}
            />
          ) : null}
        </div>
      )}
    </Field>
  );
}
