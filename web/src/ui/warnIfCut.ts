/** Short notices that pass. */
import { toast } from "sonner";
import { tooLong, type NameLength } from "../shared/names";

/** Says that of a name only the beginning is kept, where there is no place to say so beside it. */
export function warnIfCut(name: string, most: NameLength): void {
  const problem = tooLong(name, most);
  if (problem !== undefined) toast.warning(`The end of this name is left out. ${problem}`);
}
