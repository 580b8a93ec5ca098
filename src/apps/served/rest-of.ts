// What is still to be given when a streamed text turns out to be only the beginning of the output, or another text.

export function restOf(written: string, output: string): string {
  if (written === '') return output;
  if (output.startsWith(written)) return output.slice(written.length);
  return written.endsWith(output) ? '' : `\n\n${output}`;
}
