// What a field of a form is called. Built-in apps have words in both languages; a user's app says them itself.
import { useTranslation } from 'react-i18next';
import type { FormField } from './form-fields.ts';

/** `max_length` and `maxLength` as a person would write them. */
export function humanName(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface FieldWords {
  label(field: FormField): string;
  hint(field: FormField): string;
  value(name: string, value: string): string;
}

export function useFieldWords(app: { name: string; source: 'builtin' | 'user' }): FieldWords {
  const { t, i18n } = useTranslation('apps');
  const known = (key: string): string | null =>
    app.source === 'builtin' && i18n.exists(key, { ns: 'apps' }) ? String(t(key as never)) : null;
  return {
    label: (field) =>
      known(`field.${app.name}.${field.name}`) ??
      known(`field.${field.name}`) ??
      field.title ??
      humanName(field.name),
    // The English of the schema is better than nothing, in an app of the user's own.
    hint: (field) =>
      known(`hint.${app.name}.${field.name}`) ?? (app.source === 'user' ? field.description : ''),
    value: (_name, value) => known(`value.${value}`) ?? value,
  };
}
