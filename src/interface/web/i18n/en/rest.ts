// The English words of the doors that open later.
import agents from './agents.json';
import apps from './apps.json';
import models from './models.json';
import monitor from './monitor.json';

export const rest = { agents, apps, models, monitor };
