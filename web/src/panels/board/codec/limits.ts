/** How much a board and what is on it may be: anything beyond was made by no hand. */

/** Coordinates of elements: at the smallest zoom, a tenth, fifty screens to each side of the middle. */
export const FAR = 1e6;
/**
 * An edge of an element, and how far a path goes from where it begins: a 4K screen shows 38,400 at the smallest zoom.
 */
export const SIZE = 40_000;
/** Lines that cannot be told from none, and such as no pen has; the gap of hatching is four times this. */
export const PEN: readonly [thinnest: number, thickest: number] = [0.1, 100];
/** The height of a letter: a tenth of the largest element. Letters so large are painted as shapes, not from a cache. */
export const LETTER = 4_000;

/** Letters of one text: a long article. */
export const TEXT = 100_000;
/** Points of one stroke: some minutes without a pause. */
export const STROKE = 20_000;

/** Entries of one page: a drawing of many hours has some thousand. */
export const ELEMENTS = 20_000;
/** Points of all paths of one page: about 100 bytes each in memory, and as much again once they are drawn. */
export const POINTS = 600_000;
/**
 * How far a pen went for all paths of one page, 1,500 times across a screen: without a graphics card, two seconds'
 * work.
 */
export const INK = 3_000_000;
/**
 * A path this many times as long as its box is wide and high is a scribble, and costs more than its length when zoomed
 * in.
 */
export const DENSE = 50;

/** Letters of all texts of one page, as they stand in it and as they were typed: a long novel, twice. */
export const LETTERS = 2_000_000;
/** A text of this length is a word, an id or a colour, and not counted. */
export const WORD = 64;

/** Lines of one pattern: those of a square of 5,000 with the thinnest pen of the palette. */
export const PATTERN = 8_000;
/** Lines of all patterns of one page: those of 3,000 filled boxes of 200 by 200. Each is about 300 bytes in memory. */
export const LINES = 300_000;
/** Lines of all patterns in the drafts of others. */
export const HANDS = 30_000;

/** An edge of a picture. A picture of a camera is made smaller when it is added. */
export const EDGE = 4_096;
/** Pixels of one picture: 64 MiB once it is decoded. */
export const PIXELS = EDGE * EDGE;
/** Pixels of all pictures of one page: a hundred photographs of 2,560 by 1,920. */
export const GALLERY = 32 * PIXELS;
