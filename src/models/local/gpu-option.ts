// The choice of a back end in the words of the library.
import type { GpuChoice } from './engine-protocol.ts';

export const gpuOption: Record<GpuChoice, 'auto' | false | 'cuda' | 'vulkan' | 'metal'> = {
  auto: 'auto',
  cpu: false,
  cuda: 'cuda',
  vulkan: 'vulkan',
  metal: 'metal',
};
