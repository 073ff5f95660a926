/** The one module that names the engine; it and its wasm are fetched when first asked for. */
import type { Covey } from "covey";

export type {
  AnyCoveyError,
  Attendee,
  Call,
  CallEvents,
  Covey,
  CoveyErrorCode,
  CoveyErrorDetails,
  DocView,
  Line,
  LinkFault,
  LinkInfo,
  Path,
  Person,
  Picture,
  Request as CallRequest,
  Role,
  Room,
  Said,
  Sample,
  Shown,
  Source,
  Status,
  StoredRoom,
  Terms,
  Tool,
} from "covey";

let opening: Promise<Covey> | undefined;

/** The engine, started once; a start that failed may be tried again. */
export function engine(): Promise<Covey> {
  opening ??= import("covey")
    .then(({ open }) => open({ base: location.origin + location.pathname }))
    .then((covey) => (globalThis.covey = covey))
    .catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  return opening;
}
