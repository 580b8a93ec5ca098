// What a sweep runs and exports.
import { describe, expect, test } from 'vitest';
import { idleAnswer } from '../../../lib/answers/answer-state.ts';
import {
  cellsOf,
  faultsOf,
  inputsOf,
  readNumbers,
  rowOf,
  runAll,
  type SweepPlan,
  settingsOf,
  toCsv,
  withInput,
} from './sweep.ts';

const plan: SweepPlan = {
  models: ['a', 'b'],
  temperature: '0 0.7',
  topP: '',
  seed: '1, 2',
  maxOutputTokens: '50',
  inputs: 'one\n\n two \none',
};

describe('a sweep', () => {
  test.each([
    ['0, 0.7, 1.2', [0, 0.7, 1.2]],
    ['0,7 ; 1,2', [0.7, 1.2]],
    ['0,0.7,1', [0, 0.7, 1]],
    ['1,2,3', [1, 2, 3]],
    ['', []],
    ['warm', null],
    ['1 1', [1]],
  ])('reads %j', (text, numbers) => {
    expect(readNumbers(text)).toEqual(numbers);
  });

  test('is every combination by every input', () => {
    const settings = settingsOf(plan);
    expect(settings).toHaveLength(8);
    expect(settings[0]).toEqual({ model: 'a', parameters: { temperature: 0, seed: 1, maxOutputTokens: 50 } });
    expect(inputsOf(plan)).toEqual(['one', 'two']);
    expect(new Set(cellsOf(settings, inputsOf(plan)).map(({ key }) => key)).size).toBe(16);
  });

  test('names the fields that are out of range', () => {
    expect(faultsOf(plan)).toEqual([]);
    expect(faultsOf({ ...plan, temperature: '3', topP: '0', seed: '1.5', maxOutputTokens: 'x' })).toEqual([
      'temperature',
      'topP',
      'seed',
      'maxOutputTokens',
    ]);
  });

  test('puts an input in its hole, or in place of the last question', () => {
    const asked = [
      { role: 'system' as const, text: 'Be brief.' },
      { role: 'user' as const, text: 'Hi' },
    ];
    expect(withInput(asked, '$& x').map(({ text }) => text)).toEqual(['Be brief.', '$& x']);
    expect(withInput([{ role: 'user', text: 'Say {{ input }}!' }], '$& x')[0]?.text).toBe('Say $& x!');
    expect(withInput([], 'x')).toEqual([{ role: 'user', text: 'x' }]);
  });

  test('runs a few at a time, and no more once it is cancelled', async () => {
    let now = 0;
    let most = 0;
    const ran: number[] = [];
    const stop = new AbortController();
    await runAll([1, 2, 3, 4, 5, 6], 2, stop.signal, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      ran.push(item);
      if (item === 4) stop.abort();
      now -= 1;
    });
    expect(most).toBe(2);
    expect(ran).toContain(4);
    expect(ran).not.toContain(6);
  });

  test('is exported with quotes doubled, unknown cost empty and no formula', () => {
    const [cell] = cellsOf(settingsOf(plan), ['=1+1']);
    const csv = toCsv([
      rowOf(cell!, { ...idleAnswer, status: 'done', pieces: [{ text: 'a "b",\nc', logprobs: [] }] }),
    ]);
    const [head, ...rest] = csv.slice(1).split('\r\n');
    expect(head).toMatch(/^model,temperature,topP,seed,maxOutputTokens,input,status,output,/);
    expect(rest.join('\r\n')).toContain(`a,0,,1,50,'=1+1,done,"a ""b"",\nc",,`);
  });
});
