import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AtelierError } from '../../contracts/errors.ts';
import type { TrainingEvent } from '../../contracts/training.ts';
import { isClassifier, parseRecipe, readRecipe } from './recipe.ts';
import { duration, lineOf } from './watch-training.ts';

const folder = resolve(import.meta.dirname, '../../../recipes');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('recipes', () => {
  test.each(files)('%s can be read', (name) => {
    const recipe = readRecipe(join(folder, name));
    expect(isClassifier(recipe)).toBe(name === 'classifier.yaml');
    expect(recipe.dataset).not.toBe('');
  });

  test('fields have the defaults of the training, and JSON is read as well', () => {
    const recipe = parseRecipe('r.json', '{"name": "a", "base": "local/b", "dataset": "d"}');
    expect(recipe).toMatchObject({ method: 'sft', hyperparameters: { epochs: 3 }, lora: { rank: 8 } });
  });

  test.each<[string, string, RegExp]>([
    ['no YAML', 'name: [a', /r\.yaml is no recipe: .*line 1/s],
    ['nothing', '', /the recipe: /],
    ['a word that no recipe has', 'name: a\nbase: b\ndataset: d\nepochs: 3', /"epochs"/],
    ['two faults at once', 'name: A B\nbase: b\ndataset: d\nmethod: magic', /name: .*method: /],
    ['an alias without an evaluation', 'name: a\nbase: b\ndataset: d\nalias: x', /alias: .*add one/],
    ['a classifier with a base', 'method: classifier\nname: a\ndataset: d\nbase: b', /"base"/],
  ])('%s is refused in words', (_what, source, words) => {
    let error: AtelierError | undefined;
    try {
      parseRecipe('r.yaml', source);
    } catch (thrown) {
      error = thrown as AtelierError;
    }
    expect(error?.code).toBe('invalid_request');
    expect(error?.message).toMatch(words);
  });

  test('a file that is not there is named', () => {
    expect(() => readRecipe('/nowhere/x.yaml')).toThrow('There is no recipe /nowhere/x.yaml');
  });
});

describe('a training at the terminal', () => {
  const line = (event: TrainingEvent) => lineOf({ seq: 1, at: 0, event }, 40);

  test('tells step, loss, speed and what is left', () => {
    const point = {
      type: 'point' as const,
      step: 10,
      epoch: 1,
      loss: 1.5,
      learningRate: 1e-4,
      gradientNorm: 1,
      tokensPerSecond: 99.6,
      accuracy: null,
      seconds: 50,
    };
    expect(line(point)).toEqual({
      text: 'step 10 of 40  loss 1.5000  100 tokens/s  2 min 30 s left',
      live: true,
    });
    expect(line({ ...point, accuracy: 0.75 })?.text).toContain('right 75 %');
    expect(line({ type: 'evaluation', step: 10, validationLoss: 2, tokens: 5, accuracy: null })).toEqual({
      text: 'step 10: validation loss 2.0000',
      live: false,
    });
    expect(line({ type: 'sample', step: 1, prompt: 'p', answer: 'a' })).toBeNull();
  });

  test.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [61, '1 min 1 s'],
    [7380, '2 h 3 min'],
  ])('%d seconds are %s', (seconds, words) => expect(duration(seconds)).toBe(words));
});
