/** Sends one's own drafts to the others until they are stored. */
import type { DocView } from "../../../engine";
import { encodeDrafting } from "../live/draft";
import { ThrottledSender } from "../live/throttledSender";
import type { Scene } from "../model/scene";

/** How long a draft outlives its end: the stored element comes over another channel and may be later. */
const LINGER = 1_000;

export class Drafting {
  private readonly sender: ThrottledSender;
  private telling = false;
  private lingering: ReturnType<typeof setTimeout> | undefined;

  constructor(
    view: DocView,
    private readonly page: string,
    private readonly scene: Scene,
  ) {
    this.sender = new ThrottledSender((value) => view.say("draft", value));
  }

  tell(): void {
    this.telling = true;
    clearTimeout(this.lingering);
    this.sender.send(() => encodeDrafting(this.page, this.scene.inHand()));
  }

  /** The drafts are stored. */
  end(): void {
    this.telling = false;
    clearTimeout(this.lingering);
    this.sender.dropPending();
    this.lingering = setTimeout(() => this.sender.retract(), LINGER);
  }

  /** No edit is in progress, and nothing was stored. */
  retract(): void {
    if (this.telling) this.sender.retract();
    this.telling = false;
  }

  destroy(): void {
    clearTimeout(this.lingering);
    this.sender.destroy();
  }
}
