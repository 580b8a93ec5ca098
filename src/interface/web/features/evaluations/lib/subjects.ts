// What is asked, in a few words: its model, the prompt it is under, the settings it was given.
import type { Subject } from '../../../../../contracts/evaluation.ts';

export function subjectName({ model, prompt }: Subject, nameOf: (model: string) => string): string {
  return prompt === null ? nameOf(model) : `${nameOf(model)} · ${prompt.name} v${prompt.version}`;
}

const settings = ({ parameters }: Subject): string => JSON.stringify(Object.entries(parameters).sort());

export const sameSubject = (a: Subject, b: Subject): boolean =>
  a.model === b.model &&
  a.prompt?.name === b.prompt?.name &&
  a.prompt?.version === b.prompt?.version &&
  settings(a) === settings(b);
