// Who calls. Rows of local mode belong to a real user named `local`, so that turning accounts on is a claim.
import { z } from 'zod';

export const roles = ['admin', 'builder', 'member', 'auditor'] as const;

export type Role = (typeof roles)[number];

export const identitySchema = z.object({
  userId: z.string(),
  role: z.enum(roles),
  keyId: z
    .string()
    .optional()
    .describe('The API key that was shown; absent for a session and without accounts'),
  models: z
    .array(z.string())
    .nullable()
    .optional()
    .describe('Ids and aliases that the key may ask, `provider/*` for all of one; null or absent: every one'),
  apps: z
    .array(z.string())
    .nullable()
    .optional()
    .describe('Apps and agents that the key may run; null or absent: every one'),
});
export type Identity = z.infer<typeof identitySchema>;

export const LOCAL_USER_ID = 'local';
export const localIdentity: Identity = { userId: LOCAL_USER_ID, role: 'admin' };

/** Whether a key's scope lets it run an app (`writer`) or an agent (`agents/assistant`). */
export const mayRun = ({ apps }: Identity, app: string): boolean => apps == null || apps.includes(app);

/** Whether a key's scope lets it ask a model: by its id, by `provider/*`, or by the alias that was asked. */
export const mayAsk = ({ models }: Identity, asked: string, id: string): boolean =>
  models == null ||
  models.includes(asked) ||
  models.includes(id) ||
  models.includes(`${id.split('/', 1)[0]}/*`);
