// Text in the language that is wanted. A small model that falls into another one is noticed by its first words, before
// anybody has seen them, and asked again once with the language as its last order.
import { noticeOf } from '../../contracts/notice.ts';
import type { AppTask } from '../define-app.ts';
import type { ModelAsker, Question, Written } from './ask-model.ts';
import { languageName, languageOf } from './text-language.ts';
import { countWords } from './words.ts';

/** Enough to tell a language by. */
const FIRST_WORDS = 15;

const order: Record<string, string> = {
  fr: 'Réponds en français.',
  en: 'Answer in English.',
};

function insisting(question: Question, language: string): Question {
  const words = order[language] ?? `Answer in ${languageName(language)}.`;
  const { prompt } = question;
  return {
    ...question,
    name: `${question.name} again`,
    temperature: Math.min(question.temperature ?? 0.7, 0.3),
    prompt:
      typeof prompt === 'string'
        ? `${prompt}\n\n${words}`
        : prompt.map((message, index) =>
            index === prompt.length - 1 ? { ...message, content: `${message.content}\n\n${words}` } : message,
          ),
  };
}

/** `language` null: whatever comes. */
export async function* writeIn(
  asker: ModelAsker,
  task: AppTask,
  question: Question,
  language: string | null,
): AsyncGenerator<string, Written> {
  const isWrong = (text: string) => {
    const found = language === null ? null : languageOf(text);
    return found !== null && found !== language;
  };
  for (const attempt of [1, 2]) {
    const writing = asker.write(
      task,
      attempt === 1 || language === null ? question : insisting(question, language),
    );
    let held: string | null = '';
    for (;;) {
      const next = await writing.next();
      if (!next.done && held === null) {
        yield next.value;
        continue;
      }
      if (!next.done) {
        held = `${held ?? ''}${next.value}`;
        if (countWords(held) < FIRST_WORDS) continue;
      }
      if (held !== null) {
        if (attempt === 1 && isWrong(held)) {
          await writing.return(undefined as never);
          break;
        }
        if (held !== '') yield held;
        held = null;
      }
      if (!next.done) continue;
      if (language !== null && isWrong(next.value.text))
        task.emit({
          type: 'note',
          ...noticeOf('wrong_language', `The model did not write in ${languageName(language)}.`, {
            language,
          }),
        });
      return next.value;
    }
  }
  return { text: '', finish: 'other' };
}
