// Summaries of a wanted length and style. A text beyond the context is summarised by parts, and the summaries of the
// parts are summarised: the person is told in how many parts it was read.
import { z } from 'zod';
import type { BuiltinParts } from '../builtin-parts.ts';
import { type AppTask, defineApp } from '../define-app.ts';
import { noteIfCut, type Question } from '../parts/ask-model.ts';
import { noteParts, splitToFit } from '../parts/split-to-fit.ts';
import { languageName, languageOf, promptLanguage } from '../parts/text-language.ts';
import { countWords } from '../parts/words.ts';
import { writeIn } from '../parts/write-in.ts';

const inputSchema = z.object({
  text: z.string().min(1).describe('The text to summarise, of any length'),
  length: z
    .enum(['short', 'medium', 'long'])
    .default('medium')
    .describe('One or two sentences, a paragraph, or several'),
  style: z.enum(['paragraph', 'bullets']).default('paragraph').describe('Running text, or a list of points'),
  focus: z.string().max(500).default('').describe('What to attend to above all'),
  language: z
    .enum(['same', 'en', 'fr'])
    .default('same')
    .describe('The language of the summary; same: that of the text'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({
  summary: z.string().describe('The summary'),
  language: z.string().nullable().describe('Of the summary; null when it could not be told'),
  words: z.number().int().describe('Words of the summary'),
  parts: z.number().int().describe('In how many parts the text was read'),
});
type Output = z.infer<typeof outputSchema>;

interface Size {
  sentences: { en: string; fr: string };
  points: { en: string; fr: string };
  tokens: number;
}
const sizes: Record<Input['length'], Size> = {
  short: {
    sentences: { en: 'one or two sentences (at most 40 words)', fr: 'une ou deux phrases (40 mots au plus)' },
    points: { en: '3 short points', fr: '3 points courts' },
    tokens: 140,
  },
  medium: {
    sentences: {
      en: 'one paragraph of 4 or 5 sentences (about 100 words)',
      fr: 'un paragraphe de 4 ou 5 phrases (environ 100 mots)',
    },
    points: { en: '5 points of one sentence each', fr: '5 points d’une phrase chacun' },
    tokens: 360,
  },
  long: {
    sentences: { en: '3 paragraphs (about 250 words)', fr: '3 paragraphes (environ 250 mots)' },
    points: { en: '10 points of one or two sentences each', fr: '10 points d’une ou deux phrases chacun' },
    tokens: 900,
  },
};
/** Read at once by a local model: beyond it, small ones lose the middle. */
const PART_TOKENS = 6000;
/** Of the summary of one part. */
const NOTE_TOKENS = 300;

function questionFor(
  input: Input,
  code: string | null,
  kind: 'whole' | 'part' | 'joined',
): (text: string) => Question {
  const language = promptLanguage(code);
  const { sentences, points, tokens } = sizes[input.length];
  const form = input.style === 'bullets' ? points[language] : sentences[language];
  const named = code === null || code === 'en' || code === 'fr' ? '' : ` Answer in ${languageName(code)}.`;
  const focus = input.focus.trim();
  const words = {
    en: {
      system: `You summarise texts faithfully, in English: only what the text says, with its figures and names, without opinions and without introductory words.${named}`,
      whole: `Summarise the text in ${form}.`,
      part: 'This is one part of a longer text. Note down its most important facts, names and figures in 4 to 6 sentences.',
      joined: `These are notes on the successive parts of one text. Summarise the whole text in ${form}.`,
      focus: focus === '' ? '' : ` Attend above all to: ${focus}.`,
      bullets: ' Write each point on a line that begins with "- ".',
    },
    fr: {
      system:
        'Tu résumes des textes fidèlement, en français : seulement ce que dit le texte, avec ses chiffres et ses noms, sans opinion et sans phrase d’introduction.',
      whole: `Résume le texte en ${form}.`,
      part: 'Ceci est une partie d’un texte plus long. Note ses faits, noms et chiffres les plus importants en 4 à 6 phrases.',
      joined: `Voici des notes sur les parties successives d’un même texte. Résume le texte entier en ${form}.`,
      focus: focus === '' ? '' : ` Attache-toi surtout à : ${focus}.`,
      bullets: ' Écris chaque point sur une ligne qui commence par « - ».',
    },
  }[language];
  const demand = `${words[kind]}${words.focus}${input.style === 'bullets' && kind !== 'part' ? words.bullets : ''}`;
  return (text) => ({
    name: kind === 'part' ? 'summarise part' : 'summarise',
    system: words.system.replace(', in English', named === '' ? ', in English' : ''),
    prompt: `${demand}\n\n<text>\n${text}\n</text>\n\n${demand}`,
    temperature: 0,
    maxOutputTokens: kind === 'part' ? NOTE_TOKENS : tokens,
  });
}

export function summariseApp({ asker }: BuiltinParts) {
  /** Texts that are too long become the notes on their parts, as often as needed. */
  async function shortened(text: string, input: Input, code: string | null, task: AppTask) {
    let parts = 1;
    let at = text;
    for (let round = 0; ; round++) {
      const kind = round === 0 ? 'whole' : 'joined';
      const final = questionFor(input, code, kind);
      const pieces = await splitToFit(asker, task, at, { question: final, localTokens: PART_TOKENS });
      if (pieces.length === 1) return { question: final(at), parts };
      if (round === 0) {
        parts = pieces.length;
        noteParts(task, pieces);
      }
      const ask = questionFor(input, code, 'part');
      const notes: string[] = [];
      for (const [index, piece] of pieces.entries()) {
        task.emit({
          type: 'status',
          step: round === 0 ? 'part' : 'joining',
          done: index,
          total: pieces.length,
        });
        notes.push((await asker.text(task, ask(piece.text))).text.trim());
      }
      const joined = notes.map((note, index) => `[${index + 1}] ${note}`).join('\n\n');
      // Notes that do not get shorter would never end; if they do not fit, the model's refusal says so.
      if (joined.length >= at.length) return { question: final(joined), parts };
      at = joined;
    }
  }

  async function work(input: Input, task: AppTask): Promise<Output> {
    const code = input.language === 'same' ? languageOf(input.text) : input.language;
    const { question, parts } = await shortened(input.text, input, code, task);
    task.emit({ type: 'status', step: 'writing', done: null, total: null });
    const writing = writeIn(asker, task, question, code);
    for (;;) {
      const next = await writing.next();
      if (!next.done) {
        task.emit({ type: 'text-delta', delta: next.value });
        continue;
      }
      noteIfCut(task, next.value, question.maxOutputTokens ?? 0);
      const summary = next.value.text.trim();
      return { summary, language: code, words: countWords(summary), parts };
    }
  }

  return defineApp({
    name: 'summarise',
    title: { en: 'Summary', fr: 'Résumé' },
    description: {
      en: 'Summarises texts of any length, also beyond what the model reads at once.',
      fr: 'Résume des textes de toute longueur, même au-delà de ce que le modèle lit d’un coup.',
    },
    icon: 'list-collapse',
    input: inputSchema,
    output: outputSchema,
    streams: true,
    batch: true,
    example: {
      en: {
        text: 'The town library will close for works from 3 March to 14 June. The roof, which has leaked since the storm of 2021, will be replaced, and the children’s room moves to the ground floor. Loans are extended until the reopening, and a bus stops in Market Square every Wednesday from 2 to 6 pm with a choice of 800 books. The works cost 412,000 euros, of which the region pays half.',
        length: 'short',
      },
      fr: {
        text: 'La médiathèque fermera pour travaux du 3 mars au 14 juin. La toiture, qui fuit depuis la tempête de 2021, sera remplacée, et l’espace jeunesse descendra au rez-de-chaussée. Les prêts sont prolongés jusqu’à la réouverture, et un bibliobus stationnera place du Marché chaque mercredi de 14 h à 18 h avec 800 livres au choix. Les travaux coûtent 412 000 euros, dont la moitié est payée par la région.',
        length: 'short',
      },
    },
    work,
  });
}
