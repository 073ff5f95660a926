/** Whether a message would take long to format, told from its text alone, before the parser sees it. */
import { MESSAGE_NESTING, MESSAGE_PIECES, MESSAGE_WORK } from "../../../shared/limits";
import { workOf } from "../../../shared/markdown";

export function isHeavy(text: string): boolean {
  const { sum, pieces, nesting } = workOf(text);
  return sum > MESSAGE_WORK || pieces > MESSAGE_PIECES || nesting > MESSAGE_NESTING;
}
