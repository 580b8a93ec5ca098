import { expect, test } from 'vitest';
import { codeOfClassifier } from './code-of-classifier.ts';

test('every sample asks the classifier by its own address, with the text as data', () => {
  const samples = codeOfClassifier('classifiers/mood', `It's "fine"`, 'http://here');
  for (const { code } of samples) expect(code).toContain('http://here/atelier/v1/classifiers/mood/classify');
  expect(samples[0]?.code).toContain(`It'\\''s \\"fine\\"`);
  expect(samples[2]?.code).toContain(`"It's \\"fine\\""`);
});
