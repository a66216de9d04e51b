/** A mistake with its place in the text. */

/** A range of text in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Message and remedy are worded like a Problem. */
export interface PlacedMistake {
  readonly span: Span;
  readonly message: string;
  readonly remedy?: string;
}
