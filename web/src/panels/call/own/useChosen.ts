/** The person's choices for calls; renders again when they change. */
import { useSyncExternalStore } from "react";
import { choices, onChoice, type Choices } from "./choices";

export function useChosen(): Choices {
  return useSyncExternalStore(onChoice, choices);
}
