// An order for a training: what follows from the aim, what is missing, how numbers are typed.
import { describe, expect, test } from 'vitest';
import { trainingInputSchema } from '../../../../../contracts/training.ts';
import { aimOf } from './aims.ts';
import { draftOf, emptyDraft, orderOf, settingsOf, suggestName } from './draft.ts';
import { readNumber, writeNumber } from './setting-fields.ts';

const choice = { aim: 'preference', dataset: 'ds_1', version: 2, base: 'local/small' } as const;

describe('an order', () => {
  test('is one that the server takes, with the method of the aim', () => {
    const { input, missing } = orderOf(choice, emptyDraft, 'thumbs');
    expect(missing).toEqual([]);
    expect(trainingInputSchema.parse(input)).toEqual(input);
    expect(input).toMatchObject({
      name: 'thumbs',
      method: 'dpo',
      dataset: { id: 'ds_1', version: 2 },
      hyperparameters: { epochs: 1, learningRate: 2e-5 },
    });
  });

  test('says what it lacks; without a name it can be estimated', () => {
    expect(orderOf({}, emptyDraft, 'x').missing).toEqual(['aim', 'dataset', 'base']);
    const unnamed = orderOf(choice, { ...emptyDraft, name: 'Not this' }, 'thumbs');
    expect(unnamed.missing).toEqual(['name']);
    expect(unnamed.input).not.toBeNull();
    const untaught = orderOf({ ...choice, aim: 'distil' }, emptyDraft, 'thumbs');
    expect(untaught).toEqual({ input: null, missing: ['teacher'] });
  });

  test('keeps what a person changed over what follows from the aim', () => {
    const { hyperparameters, lora } = settingsOf('extract', {
      ...emptyDraft,
      hyperparameters: { epochs: 7 },
      lora: { rank: 4 },
    });
    expect(hyperparameters).toMatchObject({ epochs: 7, sequenceLength: 512 });
    expect(lora).toMatchObject({ rank: 4, alpha: 32 });
  });

  test('is begun again from a run with the same settings', () => {
    const { input } = orderOf(choice, { ...emptyDraft, hyperparameters: { seed: 9 } }, 'thumbs');
    if (input === null) throw new Error('no order');
    const again = orderOf({ ...choice, aim: aimOf(input) }, draftOf(input), 'thumbs-2').input;
    expect(again).toEqual({ ...input, name: 'thumbs-2' });
  });
});

test('a name is suggested that nobody has', () => {
  expect(suggestName('Réponses du support', [])).toBe('reponses-du-support');
  expect(suggestName('Réponses du support', ['reponses-du-support', 'reponses-du-support-2'])).toBe(
    'reponses-du-support-3',
  );
  expect(suggestName('???', [])).toBe('tuned');
});

describe('numbers', () => {
  test('are typed with a point, a comma or an exponent, within the range of the setting', () => {
    expect(readNumber('learningRate', '2e-4')).toBe(2e-4);
    expect(readNumber('learningRate', '0,0002')).toBe(2e-4);
    expect(readNumber('learningRate', '2')).toBeUndefined();
    expect(readNumber('rank', '8.5')).toBeUndefined();
    expect(readNumber('epochs', '')).toBeUndefined();
    expect(readNumber('maxSteps', '')).toBeNull();
  });
  test('are written as one would type them', () => {
    expect(writeNumber(2e-4, 'en')).toBe('0.0002');
    expect(writeNumber(2e-4, 'fr')).toBe('0,0002');
    expect(writeNumber(1e-8, 'fr')).toBe('1e-8');
    expect(writeNumber(null, 'en')).toBe('');
  });
});
