// How ONNX Runtime is asked to compute a training graph.
import type { InferenceSession } from 'onnxruntime-node';
import type { ProgramOptions } from './messages.ts';

export function sessionOptions({
  threads,
  provider,
  prepack,
}: ProgramOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Its plan for memory keeps the buffers of a training graph apart: half as much again at the peak, for no time.
    enableMemPattern: false,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: {
      session: {
        ...(prepack ? {} : { disable_prepacking: '1' }),
        // Threads that wait for work would turn in circles, at everybody else's cost.
        intra_op: { allow_spinning: '0' },
      },
    },
  };
}
