/** The errors of the package, as codes with details. Sentences for people are the page's business. */

/** Why the grants of a link give nothing, or can't be narrowed. */
export type LinkFault = "length" | "signature" | "wider" | "not-passed-on" | "bound" | "useless";

/** Every code, and the details that come with it. A `reason` is a counter of `RoomStats.refused`, unless it has a type. */
export interface CoveyErrorDetails {
  /** There is no link in the text. */
  "link-missing": undefined;
  /** A character of the link is missing or changed. */
  "link-damaged": undefined;
  /** The link is of a version that this one does not know. */
  "link-newer": undefined;
  /** The link can be read, and gives nothing. */
  "link-invalid": { reason: LinkFault };
  /** No such link can be made from the one that one holds: it would be wider, or may not be passed on, or not further. */
  "link-not-made": { reason: Exclude<LinkFault, "signature" | "useless"> };
  /** Nobody could make use of a link with these terms. */
  "terms-useless": { term: "role" | "expires" | "uses" };
  /** This is not the address of a node. */
  "node-invalid": { node: string };

  /** One's role in the room does not allow it. */
  "not-allowed": undefined;
  /** A member did not accept one's link. */
  "not-admitted": undefined;
  /** The link gives nothing that one does not have. */
  "already-here": undefined;
  /** The others would take nothing that this page writes. */
  unseated: { reason: string };
  /** One's last change of a document was taken back. */
  "edit-refused": { document: string; reason: string };
  /** Somebody in the room uses a newer version. */
  newer: undefined;

  /** The room is not on this device. */
  "room-unknown": undefined;
  /** The room can't be opened from what this device has stored. */
  "room-broken": { reason: string };
  /** One has left the room. */
  "room-left": undefined;
  /** This version has no document of that name. */
  "document-unknown": { document: string };
  /** A live value, or the name of its topic, is longer than it may be. The limit is that of the value, in bytes. */
  "said-too-large": { limit: number };
  /** No QR code has room for the text. */
  "qr-too-long": undefined;

  /** The browser lets the page store nothing. */
  "storage-unavailable": undefined;
  /** The device, or the site's share of it, is full. */
  "storage-full": undefined;
  /** This browser keeps a login that this version can't read. */
  "storage-unreadable": undefined;
  /** This device keeps the room in a form that this version can't read. */
  "storage-newer": undefined;
  /** Another page still has the storage open in the form of an older version. */
  "storage-blocked": undefined;
  /** A page of a newer version has taken the storage over. */
  "storage-closed": undefined;
  /** The browser closed the storage; it is being opened again. */
  "storage-lost": undefined;
  /** The room is damaged on this device. A link to it repairs it. */
  "storage-damaged": undefined;
  /** The room was forgotten on this device. */
  "storage-forgotten": undefined;
  /** Anything else: the name of the browser's exception. */
  "storage-failed": { exception: string };
  /** Parts of what this device has of the room can't be read. */
  "segments-unreadable": { segments: number };
}

export type CoveyErrorCode = keyof CoveyErrorDetails;

/** A `CoveyError` of any code: to look at `code` is to know what `details` are. */
export type AnyCoveyError = { [C in CoveyErrorCode]: CoveyError<C> }[CoveyErrorCode];

type Details<C extends CoveyErrorCode> = CoveyErrorDetails[C] extends undefined
  ? []
  : [details: CoveyErrorDetails[C]];

/** An error that the package throws or emits as a notice. Its message is for programmers. */
export class CoveyError<C extends CoveyErrorCode = CoveyErrorCode> extends Error {
  override readonly name = "CoveyError";

  constructor(code: C, ...details: Details<C>);
  constructor(
    readonly code: C,
    readonly details: CoveyErrorDetails[C],
  ) {
    super(details === undefined ? code : `${code} ${JSON.stringify(details)}`);
  }
}
