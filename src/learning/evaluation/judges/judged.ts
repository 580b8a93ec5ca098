// What every judge says of an answer.

export interface Judged {
  /** 0 to 1. */
  score: number;
  /** What the judge saw, such as fields that differ. */
  detail: Record<string, unknown>;
}
