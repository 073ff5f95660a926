/** Sentences for people: the one place that has one for every code of the engine. */
import type { AnyCoveyError, CoveyErrorCode, CoveyErrorDetails, LinkFault } from "../engine";

/** An error whose message is a sentence for the person, to be shown as it is. */
export class UserError extends Error {}

type Sentences = {
  readonly [C in CoveyErrorCode]: string | ((details: NonNullable<CoveyErrorDetails[C]>) => string);
};

/** Completes “This invite link is not valid: …”. */
const faults: Record<LinkFault, string> = {
  length: "a chain has between one and 4 grants",
  signature: "a grant is not signed by whom it should be",
  wider: "a grant gives more than the one before it",
  "not-passed-on": "this link may not be passed on",
  bound: "this link is bound to one person",
  useless: "it would be of no use to anyone",
};

const notMade: Record<CoveyErrorDetails["link-not-made"]["reason"], string> = {
  length: "The link you came by has been passed on too often already.",
  wider: "This link can't give more than the one it is made from.",
  "not-passed-on": "The link you came by may not be passed on.",
  bound: "The link you came by is bound to you and can't be passed on.",
};

const terms: Record<CoveyErrorDetails["terms-useless"]["term"], string> = {
  role: "A link lets people look at least.",
  expires: "A link has to expire in the future.",
  uses: "How many people may use a link is a whole number, one or more.",
};

/** Why an edit was taken back. */
const refusals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    role: "You may read here, not write: your last change was taken back.",
    quota: "This is more than one person may write here: your last change was taken back.",
    fork: "Somebody sent different people different histories. What they wrote since was taken out.",
    unadmitted:
      "Somebody sent different people different histories. What you wrote before you were let in was taken back.",
  }),
);

const sentences: Sentences = {
  "link-missing": "This is not a Covey invite link. Copy the whole link and try again.",
  "link-damaged": "This invite link is damaged: a character is missing or changed. Copy it again, whole.",
  "link-newer": "This invite link was made by a newer Covey. Reload the page and try again.",
  "link-invalid": ({ reason }) => `This invite link is not valid: ${faults[reason]}. Ask for a new one.`,
  "link-not-made": ({ reason }) => notMade[reason],
  "terms-useless": ({ term }) => terms[term],
  "node-invalid": ({ node }) => `“${node}” is not the address of a node, such as node.example.org.`,

  "not-allowed": "Your role in this room does not allow this.",
  "not-admitted":
    "Someone in this room did not accept your invitation: the link may have expired or been used up. Ask for a new one.",
  "already-here": "You are already in this room: this link gives nothing more.",
  unseated: ({ reason }) =>
    `This page can't write in this room (${reason}): the others would not take it. Load it again; if that does not help, ask for another room.`,
  "edit-refused": ({ reason }) =>
    refusals.get(reason) ?? "Your last change could not be accepted and was taken back.",
  newer:
    "Somebody in this room uses a newer version of Covey. What only that one can show is kept, but not shown here. Load the page again to get it.",

  "room-unknown": "This room is not on this device.",
  "room-broken": ({ reason }) => `This room can't be opened from what this device has stored (${reason}).`,
  "room-left": "You have left this room.",
  "document-unknown": ({ document }) => `This version of Covey has no document called “${document}”.`,
  "said-too-large": ({ limit }) =>
    `What is said in passing has a short name and at most ${limit / 1024} KiB.`,
  "qr-too-long": "This is too long for a QR code.",

  "storage-unavailable":
    "This browser lets Covey store nothing here. The room works, but only until this page is closed.",
  "storage-full": "This device's storage is full. What you write reaches the others, but is not kept here.",
  "storage-unreadable":
    "This browser keeps a login that this version of Covey can't read. It may be from a newer version: load the page again, or open it in another browser profile.",
  "storage-newer":
    "This device keeps this room in a form that this version of Covey can't read. It may be from a newer version: load the page again. Nothing was changed.",
  "storage-blocked":
    "Covey was updated, and another tab still has the old version open. Close that tab, then load this page again.",
  "storage-closed":
    "Covey was updated in another tab. What you write here reaches the others, but is not kept: load this page again.",
  "storage-lost": "This browser closed what Covey stores here. It is being opened again: try once more.",
  "storage-damaged":
    "What this device keeps of this room is damaged. Open an invite link to it: that repairs it.",
  "storage-forgotten": "This room was forgotten on this device.",
  "storage-failed": ({ exception }) =>
    `This browser's storage failed (${exception}). What you write reaches the others, but may not be kept here.`,
  "segments-unreadable": ({ segments }) =>
    `${segments} of the parts that this device has stored of this room can't be read. They come again from the others, if they have them; keep this page open until somebody is here.`,
};

/** A sentence for any error. */
export function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (isCoded(error)) return said(error.code, error.details);
  return wrong(error instanceof Error ? error.message || error.name : String(error));
}

export function hasCode(error: unknown, code: CoveyErrorCode): boolean {
  return isCoded(error) && error.code === code;
}

/** The class itself is fetched with the engine. */
function isCoded(error: unknown): error is AnyCoveyError {
  return (
    error instanceof Error &&
    error.name === "CoveyError" &&
    "code" in error &&
    Object.hasOwn(sentences, String(error.code))
  );
}

function said<C extends CoveyErrorCode>(code: C, details: CoveyErrorDetails[C]): string {
  const sentence: Sentences[C] = sentences[code];
  return typeof sentence === "string" ? sentence : sentence(details as NonNullable<typeof details>);
}

function wrong(what: string): string {
  return `Something went wrong: ${what.replace(/[.\s]+$/, "")}.`;
}
