/** A mistake that knows where in its text it stands. */

/** A stretch of text: UTF-16 units from its beginning. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Message and remedy are in the style of a Problem. */
export interface PlacedMistake {
  readonly span: Span;
  readonly message: string;
  readonly remedy?: string;
}
