// The English words of the doors that open later.
import access from './access.json';
import agents from './agents.json';
import apps from './apps.json';
import classifiers from './classifiers.json';
import datasets from './datasets.json';
import evaluations from './evaluations.json';
import improve from './improve.json';
import models from './models.json';
import monitor from './monitor.json';
import playground from './playground.json';
import prompts from './prompts.json';
import training from './training.json';
import usage from './usage.json';

export const rest = {
  access,
  agents,
  apps,
  classifiers,
  datasets,
  improve,
  evaluations,
  models,
  monitor,
  playground,
  prompts,
  training,
  usage,
};
