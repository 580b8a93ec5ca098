// Reads and computes an expression by recursive descent. Nothing is ever evaluated as a program.
//   sum     = product (('+' | '-') product)*         200 + 10% is 220, as on a pocket calculator
//   product = unary (('*' | '/' | '%' | 'of' | 'mod') unary)*
//   unary   = ('+' | '-')* power                     -2^2 is -4
//   power   = postfix ('^' unary)?                   from the right
//   postfix = primary ('!' | '%')*                   '%' before an operand is the remainder, otherwise percent
import { constants, factorial, functions } from './functions.ts';
import {
  add,
  CalculatorError,
  divide,
  fraction,
  modulo,
  multiply,
  type Num,
  negate,
  parseNumber,
  power,
  subtract,
} from './number.ts';
import { readTokens, type Token } from './read-tokens.ts';

const MAX_DEPTH = 100;

interface Part {
  value: Num;
  /** The part is nothing but a percentage, so that a sum takes it of what stands before. */
  percent: boolean;
}

/** @throws CalculatorError with the reason in words */
export function calculate(expression: string): Num {
  const tokens = readTokens(expression.trim().replace(/\s*=\s*\??$/, ''));
  if (tokens.length === 0) throw new CalculatorError('there is nothing to compute');
  let next = 0;
  let depth = 0;
  const peek = (): Token | undefined => tokens[next];
  const isSign = (text: string) => peek()?.kind === 'sign' && peek()?.text === text;
  const isName = (...names: string[]) => peek()?.kind === 'name' && names.includes(peek()?.text ?? '');
  const accept = (text: string) => {
    if (!isSign(text)) return false;
    next++;
    return true;
  };
  const unexpected = () => {
    const token = peek();
    return new CalculatorError(
      token === undefined
        ? 'the expression ends too early'
        : `${JSON.stringify(token.text)} is not expected at character ${token.at + 1}`,
    );
  };
  const deeper = <T>(read: () => T): T => {
    if (++depth > MAX_DEPTH) throw new CalculatorError('the expression is nested too deeply');
    const result = read();
    depth--;
    return result;
  };

  function sum(): Part {
    let left = product();
    for (;;) {
      const minus = isSign('-');
      if (!minus && !isSign('+')) return left;
      next++;
      const right = product();
      const by = right.percent && !left.percent ? multiply(left.value, right.value) : right.value;
      left = { value: (minus ? subtract : add)(left.value, by), percent: left.percent && right.percent };
    }
  }

  function product(): Part {
    let left = unary();
    for (;;) {
      if (accept('*')) left = { value: multiply(left.value, unary().value), percent: false };
      else if (accept('/')) left = { value: divide(left.value, unary().value), percent: false };
      else if (isName('of', 'de') && left.percent) {
        next++;
        left = { value: multiply(left.value, unary().value), percent: false };
      } else if (isName('mod')) {
        next++;
        left = { value: modulo(left.value, unary().value), percent: false };
      } else if (accept('%')) left = { value: modulo(left.value, unary().value), percent: false };
      else return left;
    }
  }

  function unary(): Part {
    return deeper(() => {
      if (accept('-')) {
        const { value, percent } = unary();
        return { value: negate(value), percent };
      }
      return accept('+') ? unary() : raised();
    });
  }

  function raised(): Part {
    const base = postfix();
    return accept('^') ? { value: power(base.value, unary().value), percent: false } : base;
  }

  function postfix(): Part {
    let part = primary();
    for (;;) {
      if (accept('!')) part = { value: factorial(part.value), percent: false };
      else if (isSign('%') && !startsOperand(tokens[next + 1])) {
        next++;
        part = { value: divide(part.value, fraction(100n)), percent: true };
      } else return part;
    }
  }

  function primary(): Part {
    const token = peek();
    if (token?.kind === 'number') {
      next++;
      return { value: parseNumber(token.text), percent: false };
    }
    if (token?.kind === 'name') {
      next++;
      return { value: named(token.text), percent: false };
    }
    if (!accept('(')) throw unexpected();
    const inner = deeper(sum);
    if (!accept(')')) throw unexpected();
    return inner;
  }

  function named(name: string): Num {
    const constant = constants[name];
    if (constant !== undefined && !isSign('(')) return constant;
    const known = functions[name];
    if (known === undefined) {
      const all = [...Object.keys(functions), ...Object.keys(constants)].join(', ');
      throw new CalculatorError(`${name} is not known; there are ${all}`);
    }
    if (!accept('(')) throw new CalculatorError(`${name} needs its arguments in parentheses`);
    const values: Num[] = [];
    if (!isSign(')')) {
      do values.push(deeper(sum).value);
      while (accept(';') || accept(','));
    }
    if (!accept(')')) throw unexpected();
    const [least, most] = known.arity;
    if (values.length < least || values.length > most)
      throw new CalculatorError(
        `${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${values.length}`,
      );
    return known.apply(values);
  }

  const { value } = sum();
  const left = peek();
  if (left !== undefined) {
    const before = tokens[next - 1];
    const joined = left.kind !== 'sign' || left.text === '(';
    throw joined && before !== undefined
      ? new CalculatorError(
          `an operator is missing between ${JSON.stringify(before.text)} and ${JSON.stringify(left.text)}`,
        )
      : unexpected();
  }
  return value;
}

/** `17 % 5` is a remainder, `15 % of 80` and `20% + 1` are percentages. */
function startsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'number') return true;
  if (token.kind === 'name') return !['of', 'de', 'mod'].includes(token.text);
  return token.text === '(';
}
