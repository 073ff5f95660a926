/** The messages between the page and the worker of a recording. */

export type Ask =
  | { readonly do: "open"; readonly name: string }
  | { readonly do: "write"; readonly bytes: ArrayBuffer; readonly at?: number }
  | { readonly do: "close" }
  /** Ticks from now on, every so many milliseconds. */
  | { readonly do: "tick"; readonly every: number };

/** Each question but `tick` is answered, in order. */
export type Answer =
  { readonly is: "done" } | { readonly is: "failed"; readonly error: string } | { readonly is: "tick" };

/** The folder of recordings among the site's own files. */
export const FOLDER = "recordings";
