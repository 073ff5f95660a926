/** One page on show: Excalidraw, the shared document and live values, held together. */
import type {
  AppState,
  BinaryFiles,
  ExcalidrawImperativeAPI,
  ExcalidrawProps,
  OnUserFollowedPayload,
} from "@excalidraw/excalidraw/types";
import { CaptureUpdateAction } from "@excalidraw/excalidraw";
import type { OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { DocView, Said } from "../../../engine";
import type { RoomSession } from "../../../session/session";
import type { SceneElement } from "../codec/element";
import { Drafts } from "../live/drafts";
import { encodePointing } from "../live/gestures";
import { ThrottledSender } from "../live/throttledSender";
import { Files } from "../model/files";
import { Look } from "../model/look";
import { PageStore } from "../model/pageStore";
import { Scene, type Stored } from "../model/scene";
import { Drafting } from "./drafting";
import { seenBy, showBounds, viewing } from "./follow";
import { onFrame } from "./frame";
import { Gallery } from "./gallery";
import { EditTracker } from "./editTracker";
import { collaboratorsOf } from "./people";
import { boardPlaces } from "./places";
import { NoLink, settleRefused } from "./refusal";
import { asOurs, showAll, surfaceOf } from "./surface";

type PointerUpdate = Parameters<NonNullable<ExcalidrawProps["onPointerUpdate"]>>[0];

export interface SessionOptions {
  api: ExcalidrawImperativeAPI;
  session: RoomSession;
  view: DocView;
  page: string;
  writes: () => boolean;
  onPage: (page: string) => void;
  onProblem: (problem: unknown) => void;
  /** The parts of the page that are not drawn, or not as they are. */
  onOmitted: (omitted: Omitted) => void;
}

/** Counts of what is not drawn as it was made. */
export interface Omitted {
  /** Elements without their patterns. */
  outlines: number;
  /** Pictures that are there and not shown. */
  pictures: number;
  /** Entries that are no elements a board can have. */
  skipped: number;
}

export class Session {
  readonly store: PageStore;
  readonly gallery: Gallery;
  readonly drafts: Drafts;
  private readonly scene: Scene;
  private readonly files: Files;
  private readonly stops: (() => void)[] = [];
  private readonly draft: Drafting;
  private readonly tracker: EditTracker;
  private readonly pointer = new ThrottledSender((value) => this.options.view.say("pointer", value));
  private readonly seen = new ThrottledSender((value) => this.options.view.say("view", value));
  /** Excalidraw forgets its elements before the end of a session. */
  private last: { elements: readonly SceneElement[]; files: BinaryFiles } | undefined;
  private readonly refreshSoon = onFrame(() => this.refresh());
  private omitted: Omitted | undefined;
  private open = false;

  constructor(private readonly options: SessionOptions) {
    const { api, view, page } = options;
    this.store = new PageStore(view.doc, page);
    this.drafts = new Drafts(page);
    this.files = new Files(view.doc);
    this.gallery = new Gallery({
      api,
      files: this.files,
      elements: () => this.store.elements.values(),
      onRefused: () => this.refreshSoon.ask(),
      onProblem: options.onProblem,
    });
    const look = new Look((file) => this.gallery.isRefused(file));
    this.scene = new Scene(this.store, this.drafts, surfaceOf(api), look);
    this.draft = new Drafting(view, page, this.scene);
    this.tracker = new EditTracker({
      versions: () =>
        this.scene
          .inHand()
          .map(({ element }) => element.versionNonce)
          .join(),
      onRelease: () => this.settle(),
      onPause: () => this.pause(),
    });
    this.listen();
  }

  /** Excalidraw is ready for the first time, or something in it changed. */
  changed(elements: readonly OrderedExcalidrawElement[], state: AppState, files: BinaryFiles): void {
    if (!this.open) this.start();
    else if (this.options.writes()) {
      this.last = { elements: asOurs(elements), files };
      this.taken(this.scene.changed(this.last.elements, this.tracker.of(state)), files);
    }
  }

  pointed({ pointer, button }: PointerUpdate): void {
    const { page, writes } = this.options;
    if (!writes()) return;
    const { x, y, tool } = pointer;
    const pressed = button === "down" && this.tracker.isPressed;
    this.pointer.send(() => encodePointing({ page, x, y, pressed, laser: tool === "laser" }));
  }

  /** The pointer left the board, or the board is hidden. */
  away(): void {
    this.tracker.end();
    this.pointer.retract();
  }

  scrolled(): void {
    const { api, page, writes } = this.options;
    if (writes()) this.seen.send(() => viewing(page, api.getAppState()));
  }

  destroy(): void {
    // Before the listeners are removed: the edits in progress are stored.
    this.tracker.destroy();
    this.pause();
    for (const stop of this.stops) stop();
    this.draft.destroy();
    this.pointer.destroy();
    // Not taken back: a follower comes along to the next page.
    this.seen.stop();
    this.refreshSoon.cancel();
    this.gallery.destroy();
    this.store.destroy();
    this.open = false;
  }

  private start(): void {
    const { api, session, view, page } = this.options;
    this.open = true;
    for (const [client, value] of view.said("draft")) this.drafts.hear(client, value, this.store.elements);
    this.refresh();
    this.showPeople();
    if (!session.of(boardPlaces).isKept(page) && this.followed === undefined) showAll(api);
    this.scrolled();
    this.showFollowed();
  }

  private listen(): void {
    const { api, view, session } = this.options;
    this.stops.push(
      view.on("said", (said) => this.hear(said)),
      session.state.subscribe(({ people, followed }, before) => {
        if (people !== before.people) this.showPeople();
        if (followed !== before.followed) this.showFollowed();
      }),
      // The component's property of this name is never called.
      api.onUserFollow((payload) => this.picked(payload)),
      this.store.onChange((ids) => {
        this.drafts.settle(ids, this.store.elements);
        this.scene.stale(ids);
        this.refreshSoon.ask();
      }),
    );
  }

  /** A pointer went up: the changes reported before are stored. */
  private settle(): void {
    const { api } = this.options;
    this.changed(api.getSceneElementsIncludingDeleted(), api.getAppState(), api.getFiles());
  }

  private pause(): void {
    if (this.open && this.last && this.options.writes())
      this.taken(this.scene.pause(this.last.elements), this.last.files);
  }

  private taken({ changes, refused, unlinked }: Stored, files: BinaryFiles): void {
    const { api, onProblem } = this.options;
    if (refused.length > 0) settleRefused(api, refused).forEach(onProblem);
    if (unlinked > 0) onProblem(new NoLink());
    this.gallery.share(changes.values(), files);
    if (this.scene.holds) {
      this.draft.tell();
      this.tracker.watch();
    } else if (changes.size > 0) this.draft.end();
    else this.draft.retract();
    this.tellOmitted();
  }

  private hear({ client, topic, value }: Said): void {
    if (!this.open) return;
    if (topic === "draft" && this.drafts.hear(client, value, this.store.elements)) this.refreshSoon.ask();
    if (topic === "pointer" || topic === "view") this.showPeople();
    if (topic === "view" && this.options.session.personBehind(client)?.id === this.followed) this.lookAlong();
  }

  private refresh(): void {
    // A page of which there is too much is shown as a list in a moment.
    if (!this.open || this.store.bulk.isTooMuch()) return;
    this.gallery.show();
    this.scene.refresh();
    this.tellOmitted();
  }

  private tellOmitted(): void {
    const [{ outlines }, pictures, { skipped }] = [this.scene.look, this.gallery.refusedOnPage(), this.store];
    const before = this.omitted;
    if (before?.outlines === outlines && before.pictures === pictures && before.skipped === skipped) return;
    this.omitted = { outlines, pictures, skipped };
    this.options.onOmitted(this.omitted);
  }

  private showPeople(): void {
    const { api, session, view, page } = this.options;
    if (!this.open) return;
    const collaborators = collaboratorsOf(session, view, page);
    api.updateScene({ collaborators, captureUpdate: CaptureUpdateAction.NEVER });
  }

  /** The member whom one follows on the board. */
  private get followed(): string | undefined {
    const { followed } = this.options.session.state.getState();
    return followed?.panel === "board" ? followed.member : undefined;
  }

  /** A person to follow was chosen in Excalidraw, or none. */
  private picked({ userToFollow, action }: OnUserFollowedPayload): void {
    const { session } = this.options;
    const person = session.personBehind(Number(userToFollow.socketId));
    if (action === "FOLLOW" && person) session.follow(person.id, "board");
    if (action === "UNFOLLOW" && this.followed !== undefined) session.unfollow();
  }

  /** One follows somebody else than before, or nobody. */
  private showFollowed(): void {
    const { api, session, view } = this.options;
    if (!this.open) return;
    const { followed } = this;
    const { userToFollow } = api.getAppState();
    const shown = userToFollow ? session.personBehind(Number(userToFollow.socketId))?.id : undefined;
    if (shown !== followed) {
      const user = followed === undefined ? null : seenBy(session, view, followed)?.user;
      // A person who has sent no view yet is waited for.
      if (user !== undefined) api.updateScene({ appState: { userToFollow: user } });
    }
    this.lookAlong();
  }

  private lookAlong(): void {
    const { api, session, view, page, onPage } = this.options;
    const sees = this.followed === undefined ? undefined : seenBy(session, view, this.followed)?.sees;
    if (!sees) return;
    if (sees.page === page) showBounds(api, sees);
    else onPage(sees.page);
  }
}
