// Fields and mentions out of a text, each with its place. What is not in the text is null.
import { noticeOf } from '../../contracts/notice.ts';
import type { BuiltinParts } from '../builtin-parts.ts';
import { type AppTask, defineApp } from '../define-app.ts';
import { noteParts, splitToFit } from '../parts/split-to-fit.ts';
import { extractFields, fieldsQuestion, joinFields } from './extract-fields.ts';
import { extractLabels, labelsQuestion } from './extract-labels.ts';
import {
  type Entity,
  type ExtractInput,
  type ExtractOutput,
  extractInputSchema,
  extractOutputSchema,
  type FieldResult,
} from './extract-schema.ts';

/** Tokens that a small local model reads with care. */
const FIELD_TOKENS = 3000;
const LABEL_TOKENS = 400;

export function extractApp({ asker }: BuiltinParts) {
  async function readFields({ text, fields }: ExtractInput, task: AppTask): Promise<FieldResult[]> {
    let results: FieldResult[] = fields.map(({ name, type }) => ({ name, type, value: null, matches: [] }));
    if (fields.length === 0) return results;
    const parts = await splitToFit(asker, task, text, {
      question: (part) => fieldsQuestion(fields, part, true),
      localTokens: FIELD_TOKENS,
    });
    noteParts(task, parts);
    const invented = new Set<string>();
    for (const [index, part] of parts.entries()) {
      if (parts.length > 1) task.emit({ type: 'status', step: 'part', done: index, total: parts.length });
      // What was found is not asked for again; a list may go on.
      const open = fields.filter(({ type }, place) => type === 'list' || results[place]?.value === null);
      if (open.length === 0) break;
      const found = await extractFields(asker, task, open, part);
      results = joinFields(results, found.results);
      for (const name of found.invented) invented.add(name);
      task.emit({ type: 'partial', output: outputOf(results, []) });
    }
    const left = results
      .filter(({ name, value }) => value === null && invented.has(name))
      .map(({ name }) => name);
    if (left.length > 0)
      task.emit({
        type: 'note',
        ...noticeOf(
          'value_not_in_text',
          `The model gave a value that does not stand in the text, so it is left out: ${left.join(', ')}.`,
          { names: left.join(', ') },
        ),
      });
    return results;
  }

  async function readLabels({ text, labels }: ExtractInput, task: AppTask): Promise<Entity[]> {
    if (labels.length === 0) return [];
    const parts = await splitToFit(asker, task, text, {
      question: (part) => labelsQuestion(labels, part),
      localTokens: LABEL_TOKENS,
    });
    noteParts(task, parts);
    const entities: Entity[] = [];
    for (const [index, part] of parts.entries()) {
      if (parts.length > 1) task.emit({ type: 'status', step: 'part', done: index, total: parts.length });
      if (part.text.trim() !== '') entities.push(...(await extractLabels(asker, task, labels, part)));
    }
    return entities;
  }

  async function work(input: ExtractInput, task: AppTask): Promise<ExtractOutput> {
    const fields = await readFields(input, task);
    return outputOf(fields, await readLabels(input, task));
  }

  return defineApp({
    name: 'extract',
    title: { en: 'Extraction', fr: 'Extraction' },
    description: {
      en: 'Fills the fields you name or finds the mentions you name, each with its place in the text.',
      fr: 'Remplit les champs que vous nommez ou trouve les mentions que vous nommez, chacun avec sa place dans le texte.',
    },
    icon: 'text-select',
    input: extractInputSchema,
    output: extractOutputSchema,
    streams: false,
    batch: true,
    example: {
      en: {
        text: 'Invoice 2024-117, Bristol, 3 May 2024. Baker & Sons Ltd to Harbour Café: 12 kg of flour and 3 kg of butter. Total due: £86.40, payable within 30 days.',
        fields: [
          { name: 'number', type: 'string', description: 'number of the invoice' },
          { name: 'date', type: 'date', description: 'date of the invoice' },
          { name: 'seller', type: 'string' },
          { name: 'total', type: 'number', description: 'amount to pay' },
          { name: 'discount', type: 'number', description: 'reduction of the price' },
        ],
      },
      fr: {
        text: 'Le 14 mars 2023, Claire Fontaine a inauguré le musée des Vagues à Brest, construit par l’entreprise Granit & Fils.',
        labels: [
          { label: 'PERSONNE', description: 'nom d’une personne' },
          { label: 'LIEU', description: 'ville, pays, bâtiment' },
          { label: 'ORGANISATION', description: 'entreprise, administration, association' },
        ],
      },
    },
    work,
  });
}

const outputOf = (fields: FieldResult[], entities: Entity[]): ExtractOutput => ({
  values: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
  fields,
  entities,
});
