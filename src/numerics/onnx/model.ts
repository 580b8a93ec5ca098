// A graph as the bytes of an ONNX model. Field numbers are those of onnx.proto; nothing here knows of gradients.
import { bytesField, floatField, integerField, joinBytes, messageField, textField } from './protobuf.ts';

/** Element types by the numbers of TensorProto.DataType. */
export const elementTypes = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;
export type ElementType = keyof typeof elementTypes;

export type Attribute =
  | { integer: number }
  | { float: number }
  | { integers: readonly number[] }
  | { text: string }
  /** A branch: it sees what is around it, and has no inputs of its own. */
  | { nodes: readonly ModelNode[]; outputs: readonly ModelValue[] };

export interface ModelNode {
  operator: string;
  /** '' is the standard set of operators. */
  domain: '' | 'com.microsoft';
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

export interface ModelValue {
  name: string;
  shape: readonly number[];
  type: ElementType;
}

/** A constant: its bytes in the model, or where they lie in another file of the model's folder. */
export type ModelConstant = ModelValue &
  ({ bytes: Uint8Array } | { file: string; offset: number; length: number });

export interface Model {
  nodes: readonly ModelNode[];
  constants: readonly ModelConstant[];
  inputs: readonly ModelValue[];
  outputs: readonly ModelValue[];
}

const irVersion = 10;
const operatorSet = 21;

function attribute(name: string, value: Attribute): Uint8Array {
  const head = textField(1, name);
  if ('float' in value) return messageField(5, [head, floatField(2, value.float), integerField(20, 1)]);
  if ('integer' in value) return messageField(5, [head, integerField(3, value.integer), integerField(20, 2)]);
  if ('nodes' in value) {
    const branch = [
      ...value.nodes.map(node),
      textField(2, name),
      ...value.outputs.map((output) => valueInfo(12, output)),
    ];
    return messageField(5, [head, messageField(6, branch), integerField(20, 5)]);
  }
  if ('text' in value) return messageField(5, [head, textField(4, value.text), integerField(20, 3)]);
  return messageField(5, [head, ...value.integers.map((one) => integerField(8, one)), integerField(20, 7)]);
}

function node({ operator, domain, inputs, outputs, attributes }: ModelNode, index: number): Uint8Array {
  return messageField(1, [
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(3, `node${index}`),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    ...(domain === '' ? [] : [textField(7, domain)]),
  ]);
}

function constant(value: ModelConstant): Uint8Array {
  const head = [
    ...value.shape.map((size) => integerField(1, size)),
    integerField(2, elementTypes[value.type]),
    textField(8, value.name),
  ];
  if ('bytes' in value) return messageField(5, [...head, bytesField(9, value.bytes)]);
  const place = (key: string, entry: string) => messageField(13, [textField(1, key), textField(2, entry)]);
  return messageField(5, [
    ...head,
    place('location', value.file),
    place('offset', String(value.offset)),
    place('length', String(value.length)),
    integerField(14, 1),
  ]);
}

function valueInfo(field: number, { name, shape, type }: ModelValue): Uint8Array {
  const sizes = messageField(
    2,
    shape.map((size) => messageField(1, [integerField(1, size)])),
  );
  const tensorType = messageField(1, [integerField(1, elementTypes[type]), sizes]);
  return messageField(field, [textField(1, name), messageField(2, [tensorType])]);
}

export function modelBytes(model: Model): Uint8Array {
  const graph = messageField(7, [
    ...model.nodes.map(node),
    textField(2, 'graph'),
    ...model.constants.map(constant),
    ...model.inputs.map((value) => valueInfo(11, value)),
    ...model.outputs.map((value) => valueInfo(12, value)),
  ]);
  const operators = (domain: string, version: number) =>
    messageField(8, [textField(1, domain), integerField(2, version)]);
  return joinBytes([
    integerField(1, irVersion),
    graph,
    operators('', operatorSet),
    operators('com.microsoft', 1),
  ]);
}
