// People, their keys, and what they may spend. Secrets are shown once and kept as hashes.
import { z } from 'zod';
import { roles } from './identity.ts';

export const emailSchema = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());
export const passwordSchema = z.string().min(12, 'at least 12 characters').max(256);

/** PostgreSQL has no NUL in text, and no name needs a control character. */
const plain = (text: string) => !/\p{Cc}/u.test(text);
const nameSchema = z.string().trim().min(1).max(80).refine(plain, 'has a control character');

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable().describe('null: the user of local mode, until accounts are turned on'),
  role: z.enum(roles),
  createdAt: z.number(),
  disabledAt: z.number().nullable().describe('Sessions and keys stop at once; rows stay'),
  lastSeenAt: z.number().nullable(),
});
export type User = z.infer<typeof userSchema>;

export const userInputSchema = z.object({
  name: nameSchema,
  email: emailSchema,
  role: z.enum(roles).default('member'),
  password: passwordSchema,
});
export type UserInput = z.infer<typeof userInputSchema>;

export const userChangeSchema = z.object({
  name: nameSchema.optional(),
  email: emailSchema.optional(),
  role: z.enum(roles).optional(),
  password: passwordSchema.optional(),
  disabled: z.boolean().optional(),
});
export type UserChange = z.infer<typeof userChangeSchema>;

/** Turns accounts on: whoever does takes over the user of local mode, with all that is theirs. */
export const claimSchema = userInputSchema.omit({ role: true });
export type Claim = z.infer<typeof claimSchema>;

/** Whatever is typed: a wrong address and a wrong password are answered alike. */
export const signInSchema = z.object({
  email: z.string().trim().min(1).max(254).toLowerCase(),
  password: z.string().min(1).max(256),
});
export type SignIn = z.infer<typeof signInSchema>;

export const passwordChangeSchema = z.object({
  current: z.string().min(1).max(256),
  password: passwordSchema,
});
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  client: z.string().describe('What the browser says of itself'),
  address: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number().describe('To a few minutes'),
  expiresAt: z.number(),
  current: z.boolean().describe('The one that asks'),
});
export type Session = z.infer<typeof sessionSchema>;

/** What the page needs to know before anything else. */
export const sessionInfoSchema = z.object({
  accounts: z.boolean().describe('Whether people sign in; false: whoever is on this machine is its one user'),
  user: userSchema.nullable().describe('null: nobody is signed in'),
  beyondLoopback: z.boolean().describe('Other machines can connect'),
  insecure: z.boolean().describe('Other machines can connect, and nothing encrypts what they send'),
});
export type SessionInfo = z.infer<typeof sessionInfoSchema>;

const scopeSchema = z.array(z.string().min(1).max(256).refine(plain)).max(200).nullable();

export const apiKeyInputSchema = z.object({
  name: nameSchema,
  userId: z
    .string()
    .min(1)
    .max(256)
    .refine(plain)
    .optional()
    .describe('Whose calls they are; default: of whoever creates it. Others: admins only'),
  models: scopeSchema.default(null).describe('null: every model'),
  apps: scopeSchema.default(null).describe('null: every app and agent'),
  expiresAt: z.number().int().nullable().default(null).describe('Epoch milliseconds; null: never'),
});
export type ApiKeyInput = z.infer<typeof apiKeyInputSchema>;

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  userId: z.string(),
  prefix: z.string().describe('The first characters, to recognise it by'),
  models: scopeSchema,
  apps: scopeSchema,
  expiresAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createdApiKeySchema = z.object({
  key: apiKeySchema,
  secret: z.string().describe('Shown this once'),
});

/** Whose calls a budget or a limit counts. */
export const subjectKindSchema = z.enum(['everyone', 'user', 'key', 'app']);
export const subjectSchema = z.object({
  kind: subjectKindSchema,
  id: z.string().max(256).describe('Empty for everyone'),
});
export type Subject = z.infer<typeof subjectSchema>;

/** As it is given; what is stored already is read as it is. */
const namedSubjectSchema = subjectSchema.refine(({ kind, id }) => kind === 'everyone' || id !== '', {
  path: ['id'],
  message: 'names whose calls are counted; only everyone has none',
});

export const budgetRuleSchema = z.object({
  subject: subjectSchema,
  period: z.enum(['day', 'month']).describe('Of UTC'),
  unit: z.enum(['money', 'tokens']),
  amount: z.number().int().positive().describe('Nano-dollars, or tokens'),
  action: z.enum(['warn', 'refuse']),
});
export const budgetInputSchema = budgetRuleSchema.extend({ subject: namedSubjectSchema });
export type BudgetInput = z.infer<typeof budgetInputSchema>;

export const budgetSchema = budgetRuleSchema.extend({
  id: z.string(),
  spent: z.number().int().describe('In this period, in the unit'),
  reserved: z.number().int().describe('For calls under way'),
  unpricedCalls: z.number().int().describe('Calls of this period whose price is unknown'),
  resetsAt: z.number().describe('Epoch milliseconds'),
  createdAt: z.number(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const rateLimitSchema = z.object({
  subject: subjectSchema,
  requestsPerMinute: z.number().int().positive().nullable(),
  tokensPerMinute: z.number().int().positive().nullable(),
});
export type RateLimit = z.infer<typeof rateLimitSchema>;
export const rateLimitInputSchema = rateLimitSchema.extend({ subject: namedSubjectSchema });

/** How much of the tightest limit is left, for the headers that clients read. */
export const limitStateSchema = z.object({
  requests: z.object({ limit: z.number(), remaining: z.number(), resetMs: z.number() }).nullable(),
  tokens: z.object({ limit: z.number(), remaining: z.number(), resetMs: z.number() }).nullable(),
});
export type LimitState = z.infer<typeof limitStateSchema>;

/** What an admin or auditor may read about who changed what. Never a secret. */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.number(),
  userId: z.string().describe('Who did it'),
  action: z.string().describe('Noun and verb, such as key.create'),
  target: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
