// What is asked, in a few words: its model, the prompt it is under, the settings it was given.
import type { Subject } from '../../../../../contracts/evaluation.ts';

export function subjectName({ model, prompt }: Subject, nameOf: (model: string) => string): string {
  return prompt === null ? nameOf(model) : `${nameOf(model)} · ${prompt.name} v${prompt.version}`;
}

export function parametersText({ parameters }: Subject): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ');
}

export const sameSubject = (a: Subject, b: Subject): boolean =>
  a.model === b.model &&
  a.prompt?.name === b.prompt?.name &&
  a.prompt?.version === b.prompt?.version &&
  parametersText(a) === parametersText(b);
