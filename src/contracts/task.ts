// Long work as a person sees it: one row of the tray. Stored by jobs/.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';

export const taskStatuses = ['queued', 'running', 'paused', 'complete', 'failed', 'cancelled'] as const;

export const taskProgressSchema = z.object({
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'items', 'steps']),
  perSecond: z.number().nullable(),
  note: z
    .string()
    .nullable()
    .describe('A stable word such as downloading, joining, verifying; the page words it'),
});
export type TaskProgress = z.infer<typeof taskProgressSchema>;

export const taskSchema = z.object({
  id: z.string(),
  kind: z.string().describe('models.download, monitoring.retention, ...'),
  title: z.string().describe('What it works on, such as a model’s name'),
  payload: z.record(z.string(), z.unknown()),
  status: z.enum(taskStatuses),
  progress: taskProgressSchema.nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: errorBodySchema.nullable(),
  canPause: z.boolean(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type Task = z.infer<typeof taskSchema>;
