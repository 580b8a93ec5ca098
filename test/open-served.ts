// The program with apps of a test's own, the scripted model as the default, on a real socket.
import type { AppDefinition } from '../src/apps/apps.ts';
import { createTestApp } from './create-test-app.ts';

export async function openServed(apps: readonly AppDefinition[] = []) {
  const app = await createTestApp({ apps });
  await app.services.registry.setAlias('default', 'scripted/script');
  return { ...app.services, url: await app.url(), close: app.close };
}
