/** Keys of the call: the space bar, held, lets a muted person talk; letters press the buttons. */
import { useEffect } from "react";
import { writesText } from "../../shared/keyboard";
import type { RoomCall } from "./call";
import { useRoomCall } from "./context";

/** A space bar that is held for less presses the button that it is on. */
const HELD = 300;

export function useTalkKey(): void {
  const call = useRoomCall();
  useEffect(() => listen(call), [call]);
}

function listen(call: RoomCall): () => void {
  let since: number | undefined;
  let button = false;
  const stop = new AbortController();
  const { signal } = stop;

  const release = () => {
    since = undefined;
    call.talk(false);
  };

  addEventListener(
    "keydown",
    (event) => {
      const { joined, muted } = call.state.getState();
      if (!joined || event.ctrlKey || event.altKey || event.metaKey) return;
      const place = placeOf(event.target);
      if (place === "elsewhere") return;
      if (event.code === "Space") {
        if (place === "button") return;
        if (since === undefined && !event.repeat && muted && call.own.track("microphone")) {
          since = performance.now();
          button = place === "talk";
          call.talk(true);
        }
        if (since !== undefined) event.preventDefault();
      } else if (!event.repeat && !event.shiftKey && press(call, event.key.toLowerCase(), event.target)) {
        event.preventDefault();
      }
    },
    { signal },
  );
  addEventListener(
    "keyup",
    (event) => {
      if (event.code !== "Space" || since === undefined) return;
      event.preventDefault();
      const short = performance.now() - since < HELD;
      release();
      if (short && button) call.setMuted(false);
    },
    { signal },
  );
  // The key comes up elsewhere.
  addEventListener("blur", release, { signal });
  return () => {
    stop.abort();
    if (since !== undefined) release();
  };
}

type Place = "talk" | "button" | "free" | "elsewhere";

/** Where a key was pressed: on the button that mutes, on another, in the open, or in something with keys of its own. */
export function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element) || writesText(target)) return "elsewhere";
  if (target.closest("[data-talk]")) return "talk";
  if (target === document.body || target.matches("[data-panel]")) return "free";
  if (!target.closest("[data-panel='call']")) return "elsewhere";
  return target.closest("button, a, [role='slider'], [tabindex='0']") ? "button" : "free";
}

/** Letters act in the panel only: elsewhere they are the board's. */
function press(call: RoomCall, key: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element) || !target.closest("[data-panel='call']")) return false;
  const { muted, hand } = call.state.getState();
  const { own } = call;
  switch (key) {
    case "m":
      call.setMuted(!(muted || !own.track("microphone")));
      return true;
    case "v":
      if (own.track("camera")) own.stop("camera");
      else void own.start("camera");
      return true;
    case "h":
      call.setHand(!hand);
      return true;
    default:
      return false;
  }
}
