/** A warning about a name that is too long. */
import { toast } from "sonner";
import { tooLong, type NameLength } from "../shared/names";

/** Warns that the end of a name is left out, where there is no room for the warning beside it. */
export function warnIfCut(name: string, most: NameLength): void {
  const problem = tooLong(name, most);
  if (problem !== undefined) toast.warning(`The end of this name is left out. ${problem}`);
}
