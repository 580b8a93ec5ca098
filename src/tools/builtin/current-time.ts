// The date and the time, which no model knows by itself.
import { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';
import type { ToolDefinition } from '../../contracts/tool.ts';
import { defineTool } from '../define-tool.ts';
import { toolResult } from '../tool-result.ts';

export function createCurrentTimeTool(now: () => number = Date.now): ToolDefinition {
  return defineTool({
    name: 'current_time',
    title: 'Current time',
    description: 'Gives today’s date, the weekday and the time, here or in another time zone.',
    effect: 'read',
    inputSchema: z.object({
      timeZone: z
        .string()
        .optional()
        .describe('IANA name such as Europe/Paris; default: that of this machine'),
    }),
    execute({ timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone }) {
      const at = new Date(now());
      let parts: Record<string, string>;
      try {
        const format = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          weekday: 'long',
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
          timeZoneName: 'longOffset',
        });
        parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
      } catch (cause) {
        throw new AtelierError(
          'tool_input_invalid',
          `${JSON.stringify(timeZone)} is no time zone. Use an IANA name such as Europe/Paris or UTC.`,
          { data: { timeZone }, cause },
        );
      }
      const date = `${parts.year}-${parts.month}-${parts.day}`;
      const time = `${parts.hour}:${parts.minute}:${parts.second}`;
      const offset = (parts.timeZoneName ?? '').replace('GMT', '') || '+00:00';
      return toolResult({
        content: `${parts.weekday}, ${date} ${time} (${timeZone}, UTC${offset})`,
        data: {
          iso: `${date}T${time}${offset}`,
          date,
          time,
          weekday: parts.weekday,
          timeZone,
          epochMs: at.getTime(),
        },
      });
    },
  });
}
