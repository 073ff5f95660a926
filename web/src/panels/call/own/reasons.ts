/** The reasons why there is no microphone, camera or screen, and what to do about each. */

export type Input = "microphone" | "camera";
export type Device = Input | "screen";

export type Reason =
  /** The person, or a setting of the browser, does not let the page. */
  | "denied"
  /** The operating system does not let the browser. */
  | "system"
  /** The person closed the browser's question. */
  | "dismissed"
  /** There is none. */
  | "none"
  /** Another program has it. */
  | "busy"
  /** The page is not in a secure context. */
  | "insecure"
  /** This browser has no such thing. */
  | "unsupported"
  | "unknown";

/** The browser lacks the interface; why, depends on the page's address. */
export class NoInterface extends Error {}

/** The reason in what `getUserMedia` or `getDisplayMedia` threw. */
export function reasonOf(error: unknown, device: Device, secure: boolean): Reason {
  if (!secure) return "insecure";
  if (error instanceof NoInterface) return "unsupported";
  if (!(error instanceof Error)) return "unknown";
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      // There is no other sign of it.
      if (/system/i.test(error.message)) return "system";
      return device === "screen" || /dismiss/i.test(error.message) ? "dismissed" : "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    case "NotSupportedError":
    case "TypeError":
      return "unsupported";
    default:
      return "unknown";
  }
}

const names: Record<Device, string> = { microphone: "microphone", camera: "camera", screen: "screen" };

type Sentence = (name: string) => string;

const sentences: Record<Reason, Sentence> = {
  denied: (name) =>
    `This page may not use your ${name}. Allow it by the sign beside the page’s address, then turn it on again.`,
  system: (name) =>
    `Your computer does not let this browser use your ${name}. Allow it in the system’s privacy settings, then turn it on again.`,
  dismissed: (name) => `The browser’s question was closed. Turn the ${name} on again to be asked once more.`,
  none: (name) => `No ${name} was found. Plug one in, then turn it on again.`,
  busy: (name) =>
    `Your ${name} is used by another program, or does not answer. Close that program or plug the ${name} in anew, then turn it on again.`,
  insecure: (name) =>
    `Browsers give a page the ${name} over https only. Open this page over https, or on this computer as localhost.`,
  unsupported: (name) => `This browser gives pages no ${name}. Use a current browser.`,
  unknown: (name) => `The ${name} could not be turned on. Try it again.`,
};

const forScreens: Partial<Record<Reason, string>> = {
  system:
    "Your computer does not let this browser record the screen. Allow it in the system’s privacy settings.",
  none: "There is no screen that the browser could share.",
  busy: "The browser could not record that. Choose another window or the whole screen.",
  unsupported: "This browser can’t share screens. Browsers on phones mostly can’t; one on a computer can.",
  unknown: "The screen could not be shared. Try it again.",
};

/** The reason of a failure, and the remedy. One can always join without. */
export function explained(reason: Reason, device: Device): string {
  const special = device === "screen" ? forScreens[reason] : undefined;
  return special ?? sentences[reason](names[device]);
}
