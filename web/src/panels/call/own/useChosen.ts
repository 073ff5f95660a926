/** What the person chose for calls; renders again when it changes. */
import { useSyncExternalStore } from "react";
import { choices, onChoice, type Choices } from "./choices";

export function useChosen(): Choices {
  return useSyncExternalStore(onChoice, choices);
}
