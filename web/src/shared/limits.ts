/** Every bound on what somebody's text may cost this page, each with its reason. */

/** A longer line is minified or made to be slow: what colours, wraps and matches it works on all of it. */
export const LINE = 20_000;
/** Above this a text is not even measured at every key, and nobody reads it by its colours. */
export const COLORED = 5_000_000;
/** Brackets or tags inside each other. Parsers keep a stack of them; people stop at some thirty. */
export const DEPTH = 500;
/** Each is an element in the page, and takes longer to draw than a thousand letters. */
export const MARKED = 2_000;
/**
 * Marks on one letter: Unicode's stream-safe texts have no more, and twice as many take four times as long to lay out.
 */
export const PILE = 30;
/** Marks of Markdown in a block, times its length: the parser looks through the block for each. About 20 ms. */
export const BLOCK_WORK = 10_000_000;
/** The same of a whole message, whose parser looks several times: 20 ms at worst, and twenty may be on the screen. */
export const MESSAGE_WORK = 500_000;
/** Lines and marks of a message: each becomes an element or two. */
export const MESSAGE_PIECES = 2_000;
/** Quotes and lists inside each other in one line of a message, which are shown to this depth. */
export const MESSAGE_NESTING = 12;
/** The same in a file; the parser's work grows with the square. */
export const NESTING = 100;
/** How long colouring a piece of code in a message may take. */
export const HIGHLIGHT_MS = 40;
