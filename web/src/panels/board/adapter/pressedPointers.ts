/**
 * Pointers that are pressed on the board, told from the browser's own events. Excalidraw's state can't tell: a right click
 * leaves its button "down", and a pointer that is released where no event comes from keeps every edit in progress.
 */

/**
 * The bit of `buttons` for each button that Excalidraw edits with: a mouse's first, a finger, a pen's tip and its
 * eraser.
 */
const BITS: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [5, 32],
]);

interface Pressed {
  bit: number;
  last: PointerEvent;
  /** It went up, and Excalidraw is being notified. */
  up: boolean;
}

export class PressedPointers {
  private readonly pressed = new Map<number, Pressed>();
  private readonly stop = new AbortController();

  /** `onRelease` is called when Excalidraw has done what it does when a pointer goes up. */
  constructor(private readonly onRelease: () => void) {
    const options = { capture: true, signal: this.stop.signal };
    addEventListener("pointerdown", (event) => this.down(event), options);
    addEventListener("pointermove", (event) => this.move(event), options);
    addEventListener("pointerup", (event) => this.up(event), options);
    for (const name of ["pointercancel", "lostpointercapture"] as const)
      addEventListener(name, ({ pointerId }) => this.lose(pointerId), options);
    // Not of a field that is left: only the window's own.
    addEventListener("blur", ({ target }) => target === window && this.end(), options);
  }

  get isHeld(): boolean {
    return this.pressed.size > 0;
  }

  /** Every pointer counts as released, and Excalidraw is notified. */
  end(): void {
    for (const id of [...this.pressed.keys()]) this.lose(id);
  }

  destroy(): void {
    this.stop.abort();
    this.pressed.clear();
  }

  private down(event: PointerEvent): void {
    const bit = BITS.get(event.button);
    const isHere = event.target instanceof Element && event.target.closest(".excalidraw") !== null;
    if (bit !== undefined && isHere) this.pressed.set(event.pointerId, { bit, last: event, up: false });
  }

  private move(event: PointerEvent): void {
    const pressed = this.pressed.get(event.pointerId);
    if (!pressed) return;
    // It was released outside the page, or another of its buttons is still pressed.
    if ((event.buttons & pressed.bit) === 0) this.lose(event.pointerId);
    else pressed.last = event;
  }

  private up({ pointerId }: PointerEvent): void {
    const pressed = this.pressed.get(pointerId);
    if (!pressed || pressed.up) return;
    pressed.up = true;
    setTimeout(() => {
      if (this.pressed.get(pointerId) === pressed) this.pressed.delete(pointerId);
      if (!this.stop.signal.aborted) this.onRelease();
    });
  }

  /** Excalidraw listens to nothing but `pointerup`, so it gets that event. */
  private lose(id: number): void {
    const pressed = this.pressed.get(id);
    if (!pressed || pressed.up) return;
    const { pointerType, isPrimary, clientX, clientY, button } = pressed.last;
    document.dispatchEvent(
      new PointerEvent("pointerup", {
        bubbles: true,
        pointerId: id,
        pointerType,
        isPrimary,
        clientX,
        clientY,
        button: Math.max(button, 0),
      }),
    );
  }
}
