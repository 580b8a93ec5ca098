// What a conversation has when its person chose nothing.
export const DEFAULT_MODEL = 'default';
