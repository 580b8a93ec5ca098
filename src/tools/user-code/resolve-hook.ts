// Lets the files of a user's folder import `zod`, `ai` and `atelier` without a package.json or an installation there:
// these names mean Atelier's own packages. Everything else is resolved as always.
import { registerHooks } from 'node:module';
import { extname } from 'node:path';

const OWN = /^(zod|ai|@ai-sdk\/provider)(\/|$)/;
const publicUrl = new URL(`../../public${extname(import.meta.url)}`, import.meta.url).href;

/**
 * `folderUrl`: the real folder with a slash at its end. A version in the query of an importing file is handed on to
 * the files of the folder that it imports, so that they are loaded anew with it.
 */
export function installResolveHook(folderUrl: string): () => void {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL;
      if (parent === undefined || !parent.startsWith(folderUrl)) return nextResolve(specifier, context);
      if (specifier === 'atelier') return { url: publicUrl, shortCircuit: true };
      if (OWN.test(specifier)) return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      const resolved = nextResolve(specifier, context);
      const version = new URL(parent).search;
      const isOurs = resolved.url.startsWith(folderUrl) && !resolved.url.includes('/node_modules/');
      return version === '' || !isOurs || resolved.url.includes('?')
        ? resolved
        : { ...resolved, url: resolved.url + version };
    },
  });
  return () => hooks.deregister();
}
