// What a model sent as the input of a tool, as the tool gets it. Whoever asks for approval and whoever runs the call must
// read it alike: otherwise a call could look wrong to the first, need no approval, and run all the same.

/** Models often send the input as JSON within a string; nothing at all is an input without fields. */
export function readInput(sent: unknown): unknown {
  if (sent === undefined || sent === null || sent === '') return {};
  if (typeof sent !== 'string') return sent;
  try {
    return JSON.parse(sent);
  } catch {
    // Not JSON: the schema says what is wrong with a bare text.
    return sent;
  }
}
