// A file into a dataset, some hundred examples a statement: what the file says wrong is in the report with its line.
import type { ImportFault, ImportReport } from '../../contracts/dataset.ts';
import type { Identity } from '../../contracts/identity.ts';
import { createBreather } from '../../lib/breathe.ts';
import { type AddOptions, addExamples, type NewExample } from './add-examples.ts';
import type { DatasetRow } from './dataset-rows.ts';
import type { FileShape } from './datasets.ts';
import { fieldsOf } from './example-body.ts';
import { readExamples } from './files/read-examples.ts';
import type { SourceFile } from './files/read-lines.ts';

const EXAMPLES_AT_ONCE = 500;
const LENGTH_AT_ONCE = 4 * 1024 * 1024;
const FAULTS_TOLD = 100;

/** Sums of what was taken in and what was not. */
export function createReport(shape: FileShape | null) {
  const report: ImportReport & { heldBackBy: string[] } = {
    added: 0,
    known: 0,
    duplicates: 0,
    heldBackBy: [],
    withoutConsent: 0,
    faults: [],
    faultCount: 0,
    shape,
  };
  return {
    report,
    fault(fault: ImportFault): void {
      report.faultCount++;
      if (report.faults.length < FAULTS_TOLD) report.faults.push(fault);
    },
  };
}

/** Takes examples in when enough of them have come. */
export function createIntake(
  options: AddOptions,
  who: Identity,
  dataset: DatasetRow,
  report: ReturnType<typeof createReport>['report'],
) {
  let batch: NewExample[] = [];
  let length = 0;
  async function flush(): Promise<void> {
    const { added, known, heldBack } = await addExamples(options, who, dataset, batch);
    batch = [];
    length = 0;
    report.added += added;
    report.known += known;
    report.duplicates += heldBack.length;
    report.heldBackBy = [...new Set([...report.heldBackBy, ...heldBack.map(({ by }) => by)])].sort();
  }
  return {
    async put(example: NewExample): Promise<void> {
      batch.push(example);
      length += fieldsOf(example.body).reduce((sum, { text }) => sum + text.length, 0);
      if (batch.length >= EXAMPLES_AT_ONCE || length >= LENGTH_AT_ONCE) await flush();
    },
    flush,
  };
}

/** @throws AtelierError invalid_request, payload_too_large */
export async function importFile(
  options: AddOptions,
  who: Identity,
  dataset: DatasetRow,
  file: SourceFile & { shape?: FileShape },
): Promise<ImportReport> {
  const kind = dataset.kind as NewExample['body']['kind'];
  const { shape, examples } = await readExamples(file, kind, file.shape);
  const { report, fault } = createReport(shape);
  const intake = createIntake(options, who, dataset, report);
  const breathe = createBreather();
  for await (const { line, read } of examples) {
    await breathe();
    if ('body' in read) {
      if (read.trimmed) report.trimmedLabels = (report.trimmedLabels ?? 0) + 1;
      await intake.put({
        body: read.body,
        source: { kind: 'file', file: file.name, line },
        status: 'approved',
        consent: true,
        personId: null,
      });
    } else fault({ line, code: read.code, message: `Line ${line} of ${file.name}: ${read.message}.` });
  }
  await intake.flush();
  return report;
}
