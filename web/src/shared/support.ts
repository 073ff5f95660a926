/** The features that Covey needs and this browser lacks, in sentences. */

export interface Lack {
  what: string;
  why: string;
  /** Nothing works without it. */
  fatal: boolean;
}

interface Platform {
  WebAssembly?: unknown;
  RTCPeerConnection?: unknown;
  indexedDB?: unknown;
  isSecureContext?: boolean;
}

export function lacks(platform: Platform = globalThis): Lack[] {
  const found: Lack[] = [];
  if (!platform.WebAssembly) {
    found.push({
      what: "This browser does not run WebAssembly.",
      why: "Covey’s engine is built with it. Use a current browser, or allow WebAssembly in its settings.",
      fatal: true,
    });
  }
  if (!platform.indexedDB) {
    found.push({
      what: "This browser gives the page no storage (IndexedDB).",
      why: "Your keys and your work are kept on this device only, so there must be a place for them. A private window may be the reason.",
      fatal: true,
    });
  }
  if (!platform.RTCPeerConnection) {
    found.push({
      what: "WebRTC is missing or switched off.",
      why: "Without it nobody can be reached directly. You can read and edit rooms on this device.",
      fatal: false,
    });
  }
  if (platform.isSecureContext === false) {
    found.push({
      what: "This page was not opened over https.",
      why: "The browser therefore will not keep it for use offline. Open it over https, or on this computer as localhost.",
      fatal: false,
    });
  }
  return found;
}
