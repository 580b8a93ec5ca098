// Which methods an address takes, by the patterns of the router.
import { expect, test } from 'vitest';
import { allowedMethods } from './allowed-methods.ts';

const methods = allowedMethods([
  { method: 'ALL', path: '/*' },
  { method: 'GET', path: '/runs/:id/files/:path{.+}' },
  { method: 'POST', path: '/serve/:kind{apps|agents}/:name/invoke' },
]);

test.each<[string, string[]]>([
  ['/runs/1/files/a/b.txt', ['GET', 'HEAD']],
  ['/serve/apps/x/invoke', ['POST']],
  ['/serve/agents/x/invoke', ['POST']],
  // One of several words of a place must not stand for the whole address.
  ['/serve/apps/x/other', []],
  ['/serve/appsy', []],
  ['/atelier/v1/agents/x/invoke', []],
  ['/serve/tools/x/invoke', []],
])('%s takes %j', (path, allowed) => {
  expect(methods(path)).toEqual(allowed);
});
