// Who calls. Rows of local mode belong to a real user named `local`, so that turning accounts on is a claim.
import { z } from 'zod';

export const roles = ['admin', 'builder', 'member', 'auditor'] as const;

export const identitySchema = z.object({
  userId: z.string(),
  role: z.enum(roles),
});
export type Identity = z.infer<typeof identitySchema>;

export const LOCAL_USER_ID = 'local';
export const localIdentity: Identity = { userId: LOCAL_USER_ID, role: 'admin' };
