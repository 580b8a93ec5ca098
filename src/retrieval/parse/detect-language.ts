// The language of a text from its small words and its script. Enough to choose a stemmer; null when it is not clear.

/** Frequent words that the other languages of the table seldom or never have. */
const words: Record<string, string> = {
  fr: 'le la les des du une est et dans pour que qui sur avec par vous nous sont au aux ce cette pas plus ou leur être ont ses mais comme sans il elle',
  en: 'the of and to in is that for it with as was on are be this by from at have or an not which you were has will can their but they been if would',
  de: 'der die das und ist nicht mit ein eine den von zu für auf dem sich des auch werden als im bei oder wird sind einer einen haben nach wie',
  es: 'el los las que del una por con para es se lo como más su al pero sus este entre cuando muy sin sobre también ser hay donde',
  it: 'il che di della per una sono con non del nel gli dei alla più anche come questo essere dalla delle degli ha si le ed',
  pt: 'o os que do da em um uma para com não por mais dos como mas foi ao das tem seu sua ou ser quando muito nos já está também pelo pela',
  nl: 'de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit door naar heeft wordt deze',
};

const languagesOf = new Map<string, string[]>();
for (const [language, list] of Object.entries(words))
  for (const word of list.split(' ')) languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);

/** Scripts that one common language has nearly to itself. */
const scripts: [string, RegExp][] = [
  ['ja', /[\u3040-\u30ff]/g],
  ['ko', /[\uac00-\ud7af]/g],
  ['zh', /[\u4e00-\u9fff]/g],
  ['ar', /[\u0600-\u06ff]/g],
  ['he', /[\u0590-\u05ff]/g],
  ['ru', /[\u0400-\u04ff]/g],
  ['el', /[\u0370-\u03ff]/g],
];

/** @returns an ISO 639-1 code, or null */
export function detectLanguage(text: string): string | null {
  const sample = text.slice(0, 20_000).toLowerCase();
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return null;
  for (const [language, script] of scripts) {
    if ((sample.match(script)?.length ?? 0) / letters > (language === 'ja' ? 0.1 : 0.4)) return language;
  }
  const found = sample.match(/\p{L}+/gu) ?? [];
  const scores = new Map<string, number>();
  for (const word of found) {
    const languages = languagesOf.get(word) ?? [];
    for (const language of languages)
      scores.set(language, (scores.get(language) ?? 0) + 1 / languages.length);
  }
  const [best, second] = [...scores].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < 3 || best[1] / found.length < 0.05) return null;
  return best[1] >= 1.5 * (second?.[1] ?? 0) ? best[0] : null;
}
