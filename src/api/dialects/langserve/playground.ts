// GET P/playground/: a page of one file and one script, from this server alone, for trying out what is served.
import type { Served } from '../../../apps/served/served.ts';
import { playgroundScript } from './playground-script.ts';

type Language = 'en' | 'fr';

const words = {
  en: {
    input: 'Input',
    start: 'Run',
    stop: 'Stop',
    output: 'Output',
    steps: 'Steps',
    working: 'Working…',
    done: 'Done.',
    stopped: 'Stopped.',
    failed: 'It failed:',
    good: 'Good answer',
    bad: 'Bad answer',
    thanks: 'Noted, thank you.',
    trace: 'Look at the trace',
    about: 'This page calls the same address as any program:',
  },
  fr: {
    input: 'Entrée',
    start: 'Lancer',
    stop: 'Arrêter',
    output: 'Résultat',
    steps: 'Étapes',
    working: 'En cours…',
    done: 'Terminé.',
    stopped: 'Arrêté.',
    failed: 'Échec :',
    good: 'Bonne réponse',
    bad: 'Mauvaise réponse',
    thanks: 'C’est noté, merci.',
    trace: 'Voir la trace',
    about: 'Cette page appelle la même adresse que tout programme :',
  },
} satisfies Record<Language, Record<string, string>>;

/** French when it is asked for before English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const asked = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.find((one) => one.trim().startsWith('q='));
      return { tag: tag.slice(0, 2), quality: quality ? Number(quality.trim().slice(2)) : 1 };
    })
    .filter(({ tag, quality }) => (tag === 'en' || tag === 'fr') && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return asked[0]?.tag === 'fr' ? 'fr' : 'en';
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign);

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  form, label { display: flex; flex-direction: column; gap: .35rem; }
  form { gap: 1rem; }
  label span { font-weight: 600; }
  label small { opacity: .75; }
  textarea, select, input[type=number] { font: inherit; padding: .5rem; border: 1px solid; border-radius: .4rem; }
  input[type=checkbox] { align-self: start; }
  button { font: inherit; padding: .5rem 1rem; border-radius: .4rem; border: 1px solid; cursor: pointer; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid; border-radius: .4rem; padding: 1rem; min-height: 4rem; }
  li { overflow-wrap: anywhere; }
  :focus-visible { outline: 3px solid; outline-offset: 2px; }
`;

export function playgroundPage(served: Served, language: Language, address: string): string {
  const own = words[language];
  const data = JSON.stringify({
    words: own,
    schema: served.inputSchema,
    example: served.example?.[language] ?? null,
    monitor: '/monitor/',
    // Nothing in it may end the element that holds it.
  }).replaceAll('<', '\\u003c');
  const title = escaped(served.title[language]);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title} · Atelier</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${escaped(served.description[language])}</p>
<form id="form">
<div id="actions"><button id="start" type="submit">${own.start}</button> <button id="stop" type="button" hidden>${own.stop}</button> <span id="state" role="status"></span></div>
</form>
<h2>${own.output}</h2>
<pre id="output" aria-live="polite"></pre>
<p id="feedback" hidden><button id="good" type="button">${own.good}</button> <button id="bad" type="button">${own.bad}</button> <a id="trace" href="/monitor">${own.trace}</a></p>
<h2>${own.steps}</h2>
<ol id="steps"></ol>
<p><small>${own.about} <code>${escaped(address)}</code></small></p>
</main>
<script type="application/json" id="data">${data}</script>
<script src="./playground.js"></script>
</body>
</html>
`;
}

export const playgroundJavaScript = `'use strict';\n(${playgroundScript.toString()})();\n`;
