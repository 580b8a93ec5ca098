// The version of Anthropic's wire that is spoken here; a caller that sends its own keeps it.
export const ANTHROPIC_VERSION = '2023-06-01';
