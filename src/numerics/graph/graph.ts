// Reverse-mode automatic differentiation that writes a graph instead of computing: every operation becomes nodes of
// an ONNX model, and the gradient of a loss is more nodes. Shapes are static.
import {
  type Attribute,
  type ElementType,
  type Model,
  type ModelConstant,
  type ModelNode,
  type ModelValue,
  modelBytes,
} from '../onnx/model.ts';
import { add } from './functions.ts';
import type { OperationName, Operations } from './operations.ts';
import { type Primitive, primitives } from './primitives.ts';
import { type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

/**
 * What an input receives: a tensor, nothing, or a way to add it to the sum so far, which a matrix product does in one pass.
 */
export type Contribution = Tensor | null | ((sum: Tensor | null) => Tensor);

interface TapeEntry {
  output: Tensor;
  inputs: readonly Tensor[];
  /** The vector-Jacobian product: from the output's gradient to one contribution an input. */
  backward: (dy: Tensor) => readonly Contribution[];
}

export interface GraphOptions {
  /**
   * Operators of ONNX Runtime's own domain (fused products, rotary embedding, RMS norm). They are faster on the CPU;
   * other execution providers lack some, and one of them is wrong on WebGPU.
   */
  fused?: boolean;
}

type Constants = Float32Array | BigInt64Array | Int32Array;

export class Graph {
  readonly fused: boolean;
  #nodes: ModelNode[] = [];
  #constants: ModelConstant[] = [];
  #inputs: ModelValue[] = [];
  #outputs: { name: string; tensor: Tensor }[] = [];
  #tape: TapeEntry[] = [];
  #recording = true;
  #named = 0;
  #shared = new Map<string, Tensor>();

  constructor({ fused = true }: GraphOptions = {}) {
    this.fused = fused;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  #tensor(shape: Shape, type: ElementType, needsGradient: boolean, name = `t${this.#named++}`): Tensor {
    return { graph: this, name, shape, type, needsGradient };
  }

  input(name: string, shape: Shape, type: ElementType = 'float32', { needsGradient = false } = {}): Tensor {
    this.#inputs.push({ name, shape, type });
    return this.#tensor(shape, type, needsGradient, name);
  }

  output(name: string, tensor: Tensor): void {
    this.#outputs.push({ name, tensor });
  }

  /** The same numbers in the same shape are stored once. */
  constant(values: Constants, shape: Shape = [values.length]): Tensor {
    const type =
      values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'int64';
    const key = values.length <= 16 ? `${type}:${shape}:${values}` : null;
    const known = key === null ? undefined : this.#shared.get(key);
    if (known) return known;
    if (values.length !== sizeOf(shape)) throw new Error(`${values.length} numbers do not fill [${shape}].`);
    const tensor = this.#tensor(shape, type, false, `c${this.#named++}`);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#constants.push({ name: tensor.name, shape, type, bytes: bytes.slice() });
    if (key !== null) this.#shared.set(key, tensor);
    return tensor;
  }

  integers(values: readonly number[]): Tensor {
    return this.constant(BigInt64Array.from(values, BigInt));
  }

  scalar(value: number): Tensor {
    return this.constant(Float32Array.of(value), []);
  }

  /** A constant that lies in a file of the model's folder; the runtime maps it into memory. */
  external(
    name: string,
    shape: Shape,
    type: ElementType,
    place: { file: string; offset: number; length: number },
  ): Tensor {
    this.#constants.push({ name, shape, type, ...place });
    return this.#tensor(shape, type, false, name);
  }

  /** A node as it stands in the model; what it computes is nobody's gradient unless a primitive or composite says so. */
  node(
    operator: string,
    inputs: readonly Tensor[],
    shapes: readonly Shape[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { domain = '', type = 'float32' }: { domain?: ModelNode['domain']; type?: ElementType } = {},
  ): Tensor[] {
    const outputs = shapes.map((shape) => this.#tensor(shape, type, false));
    this.#nodes.push({
      operator,
      domain,
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      attributes,
    });
    return outputs;
  }

  /**
   * Computes one of two branches; both make tensors of the same shapes. Nothing in them is recorded, and tensors that
   * they make for themselves are not to be used outside.
   * @param condition one bool
   */
  branch(condition: Tensor, either: () => readonly Tensor[], otherwise: () => readonly Tensor[]): Tensor[] {
    const outside = this.#nodes;
    const inside = (build: () => readonly Tensor[]) => {
      this.#nodes = [];
      // A branch hands out what it made itself.
      const tensors = this.noGradient(() =>
        build().flatMap((tensor) =>
          this.node('Identity', [tensor], [tensor.shape], {}, { type: tensor.type }),
        ),
      );
      const outputs = tensors.map(({ name, shape, type }) => ({ name, shape, type }));
      return { tensors, graph: { nodes: this.#nodes, outputs } };
    };
    try {
      const [yes, no] = [inside(either), inside(otherwise)];
      const outputs = yes.tensors.map(({ shape, type }, i) => {
        const other = no.tensors[i];
        if (!other || !sameShape(shape, other.shape) || type !== other.type)
          throw new Error(`One branch makes [${shape}], the other [${other?.shape}].`);
        return this.#tensor(shape, type, false);
      });
      outside.push({
        operator: 'If',
        domain: '',
        inputs: [condition.name],
        outputs: outputs.map(({ name }) => name),
        attributes: { then_branch: yes.graph, else_branch: no.graph },
      });
      return outputs;
    } finally {
      this.#nodes = outside;
    }
  }

  /** A row of the table of primitives, put to use and noted on the tape. */
  apply<K extends OperationName>(operation: K, inputs: readonly Tensor[], attributes: Operations[K]): Tensor {
    const row = primitives[operation] as Primitive<K>;
    const { shape, type } = row.shape(inputs, attributes);
    const plain = row.emit({ graph: this, inputs, attributes, shape, type });
    if (!sameShape(plain.shape, shape))
      throw new Error(`${operation} emitted [${plain.shape}], not [${shape}].`);
    const { backward } = row;
    if (backward === null) return plain;
    return this.#record(plain, inputs, (output, dy) =>
      backward({ graph: this, inputs, attributes, output, dy }),
    );
  }

  /**
   * Operations with one vector-Jacobian product of their own, where that is shorter than the sum of their parts.
   * @param forward runs unrecorded
   */
  composite(
    inputs: readonly Tensor[],
    forward: () => Tensor,
    backward: (dy: Tensor) => readonly Contribution[],
  ): Tensor {
    return this.#record(this.noGradient(forward), inputs, (_, dy) => backward(dy));
  }

  #record(
    plain: Tensor,
    inputs: readonly Tensor[],
    backward: (output: Tensor, dy: Tensor) => readonly Contribution[],
  ): Tensor {
    if (!this.#recording || !inputs.some(({ needsGradient }) => needsGradient)) return plain;
    const output = { ...plain, needsGradient: true };
    this.#tape.push({ output, inputs, backward: (dy) => backward(output, dy) });
    return output;
  }

  noGradient<T>(build: () => T): T {
    const before = this.#recording;
    this.#recording = false;
    try {
      return build();
    } finally {
      this.#recording = before;
    }
  }

  /** Records on a tape of its own, so that a part can be differentiated within a gradient. */
  isolated<T>(build: () => T): T {
    const [tape, recording] = [this.#tape, this.#recording];
    [this.#tape, this.#recording] = [[], true];
    try {
      return build();
    } finally {
      [this.#tape, this.#recording] = [tape, recording];
    }
  }

  /**
   * The gradients of `output`, weighted by `seed`, with respect to each of `parameters`, by name.
   * @throws if one of the parameters has no part in the output
   */
  gradients(output: Tensor, seed: Tensor, parameters: readonly Tensor[]): Map<string, Tensor> {
    const wanted = new Set(parameters.map(({ name }) => name));
    const sums = new Map<string, Tensor>([[output.name, seed]]);
    this.noGradient(() => {
      for (const entry of this.#tape.toReversed()) {
        const dy = sums.get(entry.output.name);
        if (!dy) continue;
        const contributions = entry.backward(dy);
        for (const [index, input] of entry.inputs.entries()) {
          const contribution = contributions[index] ?? null;
          if (!input.needsGradient || contribution === null) continue;
          const sum = sums.get(input.name) ?? null;
          const next =
            typeof contribution === 'function'
              ? contribution(sum)
              : sum === null
                ? contribution
                : add(sum, contribution);
          if (!sameShape(next.shape, input.shape))
            throw new Error(`The gradient of ${input.name} is [${next.shape}], not [${input.shape}].`);
          sums.set(input.name, next);
        }
        if (!wanted.has(entry.output.name)) sums.delete(entry.output.name);
      }
    });
    const missing = parameters.filter(({ name }) => !sums.has(name)).map(({ name }) => name);
    if (missing.length > 0) throw new Error(`The output does not depend on ${missing.join(', ')}.`);
    return sums;
  }

  /**
   * The runtime computes what the last output needs first, then what is missing for the one before it, and so on: with
   * outputs in the order of the forward pass, so the gradients of the last layer last, the memory of each layer is free
   * as soon as the backward pass has gone through it.
   */
  model(): Model {
    const uses = new Map<string, number>();
    const count = (name: string) => uses.set(name, (uses.get(name) ?? 0) + 1);
    const countAll = (nodes: readonly ModelNode[]) => {
      for (const { inputs, attributes } of nodes) {
        inputs.forEach(count);
        for (const value of Object.values(attributes)) if ('nodes' in value) countAll(value.nodes);
      }
    };
    countAll(this.#nodes);
    for (const { tensor } of this.#outputs) count(tensor.name);

    const nodes = new Map(this.#nodes.map((node) => [node.outputs[0] ?? '', node]));
    for (const { name, tensor } of this.#outputs) {
      const producer = nodes.get(tensor.name);
      if (producer?.outputs.length === 1 && uses.get(tensor.name) === 1) {
        // Under the output's name and at the end: an identity would be optimised away, and its place with it.
        nodes.delete(tensor.name);
        nodes.set(name, { ...producer, outputs: [name] });
      } else
        nodes.set(name, {
          operator: 'Identity',
          domain: '',
          inputs: [tensor.name],
          outputs: [name],
          attributes: {},
        });
    }
    return {
      nodes: [...nodes.values()],
      constants: this.#constants,
      inputs: this.#inputs,
      outputs: this.#outputs.map(({ name, tensor: { shape, type } }) => ({ name, shape, type })),
    };
  }

  bytes(): Uint8Array {
    return modelBytes(this.model());
  }
}
