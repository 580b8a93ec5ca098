import { expect, test } from 'vitest';
import { hasMath, unifyMath } from './math-delimiters.ts';

test.each([
  ['The area is $\\pi r^2$.', 'The area is $$\\pi r^2$$.'],
  ['It is \\(a+b\\) here.', 'It is $$a+b$$ here.'],
  ['So \\[ x = 1 \\] then', 'So \n$$\nx = 1\n$$\n then'],
  ['$x$ and $y$', '$$x$$ and $$y$$'],
])('%s is a formula', (text, expected) => {
  expect(unifyMath(text)).toBe(expected);
  expect(hasMath(text)).toBe(true);
});

test.each([
  'It costs $5 and $6.',
  'Between $5-$10 a month',
  'Run `echo $HOME and $PATH$` now',
  '5 $ et 6 $',
  'Already $ alone',
])('%s stays as it is', (text) => {
  expect(unifyMath(text)).toBe(text);
  expect(hasMath(text)).toBe(false);
});

test('what is already doubled stays', () => {
  expect(unifyMath('$$\nx\n$$ and $$y$$')).toBe('$$\nx\n$$ and $$y$$');
});
