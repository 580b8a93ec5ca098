// Array literals, which go to PostgreSQL as one parameter whatever their length.

/** The values are integers. */
export const arrayOf = (values: ArrayLike<number>): string => `{${Array.from(values).join(',')}}`;

export const textArray = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
