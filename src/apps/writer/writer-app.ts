// The content generator: a plan if one is wanted, then the text, up to four times. Its length is kept by code: a text that
// goes on too long is stopped at the end of a sentence and closed, one that is too short is continued, once.

import { z } from 'zod';
import { noticeOf } from '../../contracts/notice.ts';
import type { BuiltinParts } from '../builtin-parts.ts';
import { type AppTask, defineApp } from '../define-app.ts';
import { languageOf, promptLanguage } from '../parts/text-language.ts';
import { countWords } from '../parts/words.ts';
import { writeIn } from '../parts/write-in.ts';
import { closeQuestion, continueQuestion, draftQuestion, outlineQuestion } from './writer-prompts.ts';
import {
  type WriterInput,
  type WriterOutput,
  writerInputSchema,
  writerOutputSchema,
} from './writer-schema.ts';

const LEAST = 0.75;
const MOST = 1.25;
/** A text is stopped a little earlier, so that its last sentence has room. */
const STOP = 1.12;

type Variant = WriterOutput['variants'][number];

/** Where the last whole sentence or line ends; 0 when there is none. */
function lastEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/[.!?…]["»”’)*_]*(?=\s|$)|\n/g)) end = match.index + match[0].length;
  return end;
}

export function writerApp({ asker }: BuiltinParts) {
  /** Writes on at `before`; near its length it is told sentence by sentence, so that what was told can stay. */
  async function writeUpTo(
    task: AppTask,
    question: Parameters<typeof asker.write>[1],
    language: 'en' | 'fr',
    before: string,
    most: number,
  ): Promise<{ text: string; isStopped: boolean }> {
    let text = before;
    let told = before.length;
    const tell = (end: number) => {
      if (end > told) task.emit({ type: 'text-delta', delta: text.slice(told, end) });
      told = Math.max(told, end);
    };
    for await (const delta of writeIn(asker, task, question, language)) {
      text += text === '' ? delta.trimStart() : delta;
      const words = countWords(text);
      if (words > most) {
        const end = Math.max(lastEnd(text.slice(0, -1)), told);
        // Without any end of a sentence it is stopped between words.
        const at = end > before.length ? end : text.lastIndexOf(' ');
        tell(at);
        return { text: text.slice(0, at).trimEnd(), isStopped: true };
      }
      tell(words < most * 0.7 ? text.length : Math.max(told, lastEnd(text)));
    }
    tell(text.length);
    return { text: text.trimEnd(), isStopped: false };
  }

  async function writeVariant(
    input: WriterInput,
    outline: readonly string[],
    language: 'en' | 'fr',
    variant: number,
    task: AppTask,
  ): Promise<Variant> {
    const draft = await writeUpTo(
      task,
      draftQuestion(input, outline, language, variant),
      language,
      '',
      input.words * STOP,
    );
    let { text } = draft;
    const isShort = countWords(text) < input.words * LEAST;
    const isEnded = lastEnd(text) === text.length;
    if (draft.isStopped || isShort) {
      task.emit({ type: 'status', step: 'repairing', done: null, total: null });
      const gap = /\n/.test(text) && isShort ? '\n\n' : ' ';
      const question = isShort
        ? continueQuestion(input, text, input.words - countWords(text), language)
        : closeQuestion(text, language);
      task.emit({ type: 'text-delta', delta: gap });
      const more = await writeUpTo(task, question, language, `${text}${gap}`, input.words * MOST);
      text = more.text;
      task.emit({
        type: 'note',
        ...(isShort
          ? noticeOf('length_continued', `Version ${variant} was too short and was continued once.`, {
              variant,
            })
          : noticeOf(
              'length_ended',
              `Version ${variant} was too long and was brought to an end at its length.`,
              { variant },
            )),
      });
    } else if (!isEnded && text !== '')
      task.emit({
        type: 'note',
        ...noticeOf('length_unfinished', `Version ${variant} ends in the middle of a sentence.`, { variant }),
      });
    const words = countWords(text);
    return {
      text,
      words,
      lengthKept: words >= input.words * LEAST && words <= input.words * MOST,
      repaired: draft.isStopped || isShort,
    };
  }

  async function work(input: WriterInput, task: AppTask): Promise<WriterOutput> {
    const code = input.language === 'auto' ? (languageOf(input.brief) ?? 'en') : input.language;
    const language = promptLanguage(code);
    let { outline } = input;
    if (input.makeOutline && outline.length === 0) {
      task.emit({ type: 'status', step: 'planning', done: null, total: null });
      const shape = z.object({ points: z.array(z.string().max(200)).max(10) });
      outline = (await asker.json(task, outlineQuestion(input, language), shape)).points;
      task.emit({ type: 'partial', output: { variants: [], outline, language } });
    }
    const variants: Variant[] = [];
    for (let variant = 1; variant <= input.variants; variant++) {
      if (input.variants > 1) {
        task.emit({ type: 'status', step: 'variant', done: variant - 1, total: input.variants });
        if (variant > 1) task.emit({ type: 'text-delta', delta: '\n\n---\n\n' });
      }
      variants.push(await writeVariant(input, outline, language, variant, task));
      task.emit({ type: 'partial', output: { variants: [...variants], outline, language } });
    }
    return { variants, outline, language };
  }

  return defineApp({
    name: 'writer',
    title: { en: 'Content generator', fr: 'Rédaction' },
    description: {
      en: 'Writes articles, emails, posts and more: tone, length, audience, outline and up to four versions.',
      fr: 'Rédige articles, courriels, publications et plus : ton, longueur, public, plan et jusqu’à quatre versions.',
    },
    icon: 'pen-line',
    input: writerInputSchema,
    output: writerOutputSchema,
    streams: true,
    batch: true,
    example: {
      en: {
        brief:
          'Invite the neighbours to the garden party on Saturday 12 June at 3 pm in Mill Park. Everybody brings a dish; games for children.',
        kind: 'email',
        tone: 'friendly',
        words: 80,
      },
      fr: {
        brief:
          'Inviter les voisins à la fête du jardin, samedi 12 juin à 15 h au parc du Moulin. Chacun apporte un plat ; jeux pour les enfants.',
        kind: 'email',
        tone: 'friendly',
        words: 80,
      },
    },
    work,
  });
}
