import { expect, test } from 'vitest';
import { routeSettingsSchema } from '../../../../../contracts/routing.ts';
import { defaultRoute, draftOfRoute, readRoute } from './route-draft.ts';

test('the defaults are the contract’s', () => {
  expect(defaultRoute).toEqual(routeSettingsSchema.parse({}));
});

test('what is written is read again', () => {
  const settings = routeSettingsSchema.parse({
    fallbacks: ['b/two', 'c/three'],
    retries: 3,
    firstTokenMs: 2500,
    cache: true,
    policy: { kind: 'cheapest-passing', app: 'sentiment', set: 'sst2', metric: 'accuracy', atLeast: 0.8 },
  });
  expect(readRoute(draftOfRoute('a/one', settings))).toEqual({ ok: true, settings });
});

test('seconds may have a comma, and what is no length is named', () => {
  const draft = draftOfRoute('a/one', defaultRoute);
  expect(readRoute({ ...draft, total: '1,5' })).toMatchObject({ settings: { totalMs: 1500 } });
  expect(readRoute({ ...draft, total: '0', connect: 'soon', cache: true, cacheHours: '' })).toEqual({
    ok: false,
    faults: ['cacheHours', 'connect', 'total'],
  });
  expect(readRoute({ ...draft, policy: 'a|b|c', atLeast: '' })).toEqual({ ok: false, faults: ['atLeast'] });
});
