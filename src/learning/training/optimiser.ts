// AdamW with clipping and a schedule, as the loop takes it.
import type { Hyperparameters } from '../../contracts/training.ts';
import { adamW, adamWState } from '../../numerics/optim/adamw.ts';
import { clipScale, globalNorm } from '../../numerics/optim/clip.ts';
import { learningRateAt } from '../../numerics/optim/schedule.ts';
import type { Optimiser } from './train-loop.ts';

export function createOptimiser(size: number, hyperparameters: Hyperparameters, steps: number): Optimiser {
  const { beta1, beta2, epsilon, weightDecay, clipNorm, schedule, warmupShare } = hyperparameters;
  const state = adamWState(size);
  // The first step of a warm-up has rate 0: a run of one step would learn nothing.
  const warmupSteps = Math.min(Math.ceil(warmupShare * steps), steps - 1);
  return {
    state: [state.m, state.v],
    update(values, gradients, step) {
      const norm = globalNorm(gradients);
      const learningRate = learningRateAt(step - 1, {
        schedule,
        learningRate: hyperparameters.learningRate,
        steps,
        warmupSteps,
      });
      // A gradient that is no number must not reach the parameters, which a checkpoint may still keep.
      if (Number.isFinite(norm))
        adamW(
          values,
          gradients,
          state,
          step,
          { learningRate, beta1, beta2, epsilon, weightDecay },
          clipScale(norm, clipNorm),
        );
      return { norm, learningRate };
    },
  };
}
