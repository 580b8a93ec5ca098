// Runs inside the sandbox before the code does: turns values into words. It keeps its own copies of what it uses, so
// that code which changes built-ins spoils at most its own output.

/** An expression; its value has two functions: `text(value, limit)` and `json(value, limit)`. */
export const PRELUDE = `(() => {
  'use strict';
  const { stringify } = JSON;
  const { getPrototypeOf, keys, getOwnPropertyDescriptor } = Object;
  const { isView } = ArrayBuffer;
  const { isArray } = Array;
  const { apply } = Reflect;
  const toText = String, ErrorType = Error, MapType = Map, SetType = Set, PromiseType = Promise, DateType = Date, RegExpType = RegExp;
  const toISO = Date.prototype.toISOString, regText = RegExp.prototype.toString;
  const mapEach = Map.prototype.forEach, setEach = Set.prototype.forEach;
  const MAX_ITEMS = 200, MAX_DEPTH = 6;

  function inspect(value, depth, seen, limit) {
    switch (typeof value) {
      case 'string': return depth === 0 ? value : stringify(value);
      case 'bigint': return toText(value) + 'n';
      case 'symbol': return toText(value);
      case 'function': return '[function ' + (value.name || 'without a name') + ']';
      case 'number': return value === 0 && 1 / value < 0 ? '-0' : toText(value);
      case 'object': break;
      default: return toText(value);
    }
    if (value === null) return 'null';
    if (value instanceof ErrorType) return toText(value.stack ? value.name + ': ' + value.message : value);
    if (value instanceof DateType) { try { return apply(toISO, value, []); } catch { return 'Invalid Date'; } }
    if (value instanceof RegExpType) return apply(regText, value, []);
    if (value instanceof PromiseType) return '[promise]';
    for (let i = 0; i < seen.length; i++) if (seen[i] === value) return '[circular]';
    if (depth >= MAX_DEPTH) return isArray(value) ? '[array]' : '[object]';
    seen[seen.length] = value;
    let text = '', count = 0;
    const add = (part) => {
      if (count++ >= MAX_ITEMS || text.length > limit) return;
      text += (count === 1 ? '' : ', ') + part;
    };
    const inner = (part) => inspect(part, depth + 1, seen, limit);
    let open = '{ ', close = ' }';
    if (value instanceof MapType) {
      open = 'Map { ';
      apply(mapEach, value, [(part, key) => add(inner(key) + ' => ' + inner(part))]);
    } else if (value instanceof SetType) {
      open = 'Set { ';
      apply(setEach, value, [(part) => add(inner(part))]);
    } else if (isArray(value) || isView(value)) {
      open = '['; close = ']';
      for (let i = 0; i < value.length && i <= MAX_ITEMS; i++) add(inner(value[i]));
      count = value.length;
    } else {
      const names = keys(value);
      for (let i = 0; i < names.length; i++) {
        const property = getOwnPropertyDescriptor(value, names[i]);
        const key = /^[A-Za-z_$][\\w$]*$/.test(names[i]) ? names[i] : stringify(names[i]);
        add(key + ': ' + (property && 'value' in property ? inner(property.value) : '[getter]'));
      }
      const parent = getPrototypeOf(value);
      const name = parent && parent.constructor && parent.constructor.name;
      if (name && name !== 'Object') open = name + ' { ';
    }
    seen.length--;
    if (count === 0) return open.trimEnd() + close.trimStart();
    return open + text + (count > MAX_ITEMS ? ', ... ' + (count - MAX_ITEMS) + ' more' : '') + close;
  }

  return {
    text(value, limit) {
      const text = inspect(value, 0, [], limit);
      return text.length > limit ? text.slice(0, limit) + '... ' + (text.length - limit) + ' more characters' : text;
    },
    json(value, limit) {
      const json = stringify(value);
      return json !== undefined && json.length <= limit ? json : undefined;
    },
  };
})()`;
