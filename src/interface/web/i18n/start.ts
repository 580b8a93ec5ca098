// i18next with two chunks of words a language: those of the first page, and those of the doors that open later.
// The other language is fetched when it is asked for.
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, languages } from '../lib/preferences.ts';

type Words = Record<string, object>;

const first: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en/first.ts')).first,
  fr: async () => (await import('./fr/first.ts')).first,
};
const rest: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en/rest.ts')).rest,
  fr: async () => (await import('./fr/rest.ts')).rest,
};

const loaded = new Map<string, Promise<void>>();

/** Fetches a chunk once; one that failed is fetched again when it is next asked for. */
function load(chunk: string, language: Language, words: () => Promise<Words>): Promise<void> {
  const key = `${chunk} ${language}`;
  const known = loaded.get(key);
  if (known) return known;
  const loading = words().then((bundles) => {
    for (const [namespace, bundle] of Object.entries(bundles))
      i18next.addResourceBundle(language, namespace, bundle);
  });
  loaded.set(key, loading);
  loading.catch(() => loaded.delete(key));
  return loading;
}

/** The same promise for the same language, so that a page may wait for it while it renders. */
export function allWords(language: Language = languageNow()): Promise<void> {
  return load('rest', language, rest[language]);
}

function languageNow(): Language {
  return languages.find((one) => one === i18next.language) ?? 'en';
}

export async function startI18n(language: Language): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    ns: ['common'],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await load('first', language, first[language]);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  return i18next;
}

/** Changes the language of a page that stands: all of its words are there before the first of them is shown. */
export async function setLanguage(language: Language): Promise<void> {
  if (i18next.language === language) return;
  await Promise.all([load('first', language, first[language]), allWords(language)]);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
