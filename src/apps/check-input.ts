// Checks what an app is given against its schema, and names every fault.
import type { z } from 'zod';
import { AtelierError } from '../contracts/errors.ts';

/** @throws AtelierError invalid_request (data: the app and its faults) */
export function checkInput<Input>(app: string, schema: z.ZodType<Input>, input: unknown): Input {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const words = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new AtelierError('invalid_request', `The input does not fit the app ${app}. ${words}.`, {
    data: { app, faults },
  });
}
