// Exact arithmetic for models, which are bad at it.
import { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';
import type { ToolDefinition } from '../../contracts/tool.ts';
import { defineTool } from '../define-tool.ts';
import { toolResult } from '../tool-result.ts';

export const calculatorTool: ToolDefinition = defineTool({
  name: 'calculator',
  title: 'Calculator',
  description:
    'Computes an arithmetic expression exactly: numbers and operators only, no words, conditions or loops. Knows + - * / ^ % ( ) !, percent (20% of 80; 200 + 10% is 220), ' +
    'sqrt, round(x; digits), min, max, sum, mean, median, log, ln, exp, sin, cos, gcd, lcm, mod, pi, e. ' +
    'Numbers may be written 1234.5, 1 234,5 or 1,234.50. Separate arguments by ;',
  effect: 'read',
  inputSchema: z.object({ expression: z.string().min(1).describe('For example (1200 - 350,50) * 20%') }),
  timeoutMs: 5_000,
  async execute({ expression }) {
    const [{ calculate }, { CalculatorError, formatNumber }] = await Promise.all([
      import('../calculator/calculate.ts'),
      import('../calculator/number.ts'),
    ]);
    try {
      const { text, exact } = formatNumber(calculate(withoutCurrency(expression)));
      return toolResult({
        content: exact ? text : `${text} (rounded)`,
        data: { expression, result: text, exact },
      });
    } catch (error) {
      const known =
        error instanceof CalculatorError ||
        (error instanceof Error && error.message.startsWith('[DecimalError]'));
      if (!known) throw error;
      throw new AtelierError(
        'tool_input_invalid',
        `${JSON.stringify(expression)} cannot be computed: ${error.message}.`,
        {
          data: { expression },
          cause: error,
        },
      );
    }
  },
});

const currencies: Readonly<Record<string, RegExp>> = {
  euro: /€|\b(?:euros?|eur)\b/gi,
  dollar: /\$|\b(?:dollars?|usd)\b/gi,
  pound: /£|\b(?:pounds?|livres?|gbp)\b/gi,
};

/** Models copy amounts as they stand in a text. One currency changes nothing; several cannot be added. */
function withoutCurrency(expression: string): string {
  const found = Object.values(currencies).filter((currency) => expression.search(currency) !== -1);
  const [only] = found;
  return found.length === 1 && only !== undefined ? expression.replaceAll(only, ' ') : expression;
}
