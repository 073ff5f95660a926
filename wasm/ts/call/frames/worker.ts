/** The worker through which frames go. */
import { Realm, type FromRealm, type ToRealm } from "./realm.js";

export type { FromRealm, ToRealm };

const scope = globalThis as unknown as {
  postMessage(told: FromRealm): void;
  onmessage: ((event: MessageEvent<ToRealm>) => void) | null;
};
const realm = new Realm((told) => scope.postMessage(told));
scope.onmessage = ({ data }) => realm.told(data);
