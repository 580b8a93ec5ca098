// Which methods an address takes, for 405 and OPTIONS: read from the routes that are mounted.

interface Route {
  method: string;
  path: string;
}

/** `/a/:id{.+}`, `/a/:kind{b|c}` and `/a/:id` as regular expressions. */
function patternOf(path: string): RegExp {
  const source = path
    .split(/(:\w+(?:\{[^}]+\})?)/)
    .map((part) => {
      const named = /^:\w+(?:\{([^}]+)\})?$/.exec(part);
      return named ? `(?:${named[1] ?? '[^/]+'})` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}

export function allowedMethods(routes: readonly Route[]): (path: string) => string[] {
  const table = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  return (path) => {
    const methods = new Set(table.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods];
  };
}
