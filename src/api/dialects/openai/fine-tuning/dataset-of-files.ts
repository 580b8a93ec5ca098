// Uploaded JSON lines as a dataset: every line an approved example, or none of the file is taken.
import type { DatasetChoice, ImportReport } from '../../../../contracts/dataset.ts';
import { AtelierError } from '../../../../contracts/errors.ts';
import type { Identity } from '../../../../contracts/identity.ts';
import type { Datasets } from '../../../../learning/datasets/datasets.ts';
import type { Files } from '../../../../retrieval/files.ts';
import type { Kept } from './order.ts';

export interface DatasetOfFilesParts {
  files: Pick<Files, 'get' | 'content'>;
  datasets: Pick<Datasets, 'list' | 'create' | 'remove' | 'importFile' | 'changeExamples' | 'freeze'>;
}

interface Order {
  trainingFile: string;
  validationFile: string | null;
  method: Kept['method'];
}

const LINES_NAMED = 5;

interface Made {
  dataset: DatasetChoice;
  repeated: number;
}

const nameOf = ({ trainingFile, validationFile }: Order): string =>
  ['ft', trainingFile, ...(validationFile === null ? [] : [validationFile])].join('-');

/** One at a time of a name: clients that tire of waiting for a large file send the same order again. */
export function createDatasetOfFiles(parts: DatasetOfFilesParts) {
  const last = new Map<string, Promise<Made>>();
  return async (who: Identity, order: Order): Promise<Made> => {
    const name = nameOf(order);
    const make = () => datasetOfFiles(parts, who, order);
    const turn = (last.get(name) ?? Promise.resolve()).then(make, make);
    last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (last.get(name) === turn) last.delete(name);
    }
  };
}

/**
 * The same files make one dataset, however many jobs learn from it.
 * @throws AtelierError not_found (a file), invalid_request (another purpose, a line that is no example: its number)
 */
async function datasetOfFiles(
  { files, datasets }: DatasetOfFilesParts,
  who: Identity,
  order: Order,
): Promise<Made> {
  const { trainingFile, validationFile, method } = order;
  // Datasets are for whoever builds, files are their owner's: also where a dataset of them is there already.
  for (const [param, fileId] of [
    ['training_file', trainingFile],
    ['validation_file', validationFile],
  ] as const) {
    if (fileId === null) continue;
    const { purpose } = await files.get(who, fileId);
    if (purpose !== 'fine-tune')
      throw new AtelierError(
        'invalid_request',
        `The file ${fileId} has the purpose ${purpose}. Upload it with the purpose fine-tune.`,
        { data: { param, file: fileId } },
      );
  }
  const kind = method === 'dpo' ? 'preference' : 'chat';
  const name = nameOf(order);
  const known = (await datasets.list(who)).find((one) => one.name === name);
  const [version] = known?.versions ?? [];
  if (known && version && known.kind === kind)
    return { dataset: { id: known.id, version: version.version }, repeated: 0 };
  // Left by a job that was refused, or made from the same file for another method.
  if (known) await datasets.remove(who, known.id);

  const { id } = await datasets.create(who, {
    name,
    kind,
    description: `Of the uploaded file ${trainingFile}`,
    shares: { train: 1, validation: 0, test: 0 },
  });
  let repeated = 0;
  try {
    // The validation file first: what is in both is held back, and all that comes later is for training.
    for (const [param, fileId, split] of [
      ['validation_file', validationFile, 'validation'],
      ['training_file', trainingFile, null],
    ] as const) {
      if (fileId === null) continue;
      const { file, bytes } = await files.content(who, fileId);
      const shape = method === 'dpo' ? 'openai-preference' : 'openai';
      const report = await datasets.importFile(who, id, { name: file.name, bytes, shape });
      requireAll(report, param, file.name);
      repeated += report.known;
      if (split !== null) await datasets.changeExamples(who, id, { filter: {} }, { split });
    }
    const frozen = await datasets.freeze(who, id, 'Of an uploaded file');
    return { dataset: { id, version: frozen.version }, repeated };
  } catch (thrown) {
    await datasets.remove(who, id);
    throw thrown;
  }
}

function requireAll(report: ImportReport, param: string, file: string): void {
  if (report.faultCount > 0) {
    const shown = report.faults.slice(0, LINES_NAMED);
    const named = shown.map(({ line, message }) => `Line ${line}: ${message}`).join(' ');
    const more = report.faultCount - shown.length;
    throw new AtelierError(
      'invalid_request',
      `The job failed due to an invalid ${param.replace('_', ' ')} ${file}. ${named}${more > 0 ? ` And ${more} more.` : ''}`,
      { data: { param, wireCode: `invalid_${param}`, lines: shown.map(({ line }) => line) } },
    );
  }
  if (report.duplicates > 0)
    throw new AtelierError(
      'invalid_request',
      `${report.duplicates} lines of ${file} ask what an evaluation set of this server holds, and a model that has learned them cannot be judged by it. Take them out of the file.`,
      { data: { param, wireCode: `invalid_${param}`, duplicates: report.duplicates } },
    );
  if (report.added === 0 && report.known === 0)
    throw new AtelierError('invalid_request', `${file} holds no example.`, {
      data: { param, wireCode: `invalid_${param}` },
    });
}
