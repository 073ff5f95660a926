/** A picture that the wheel, two fingers or keys make larger, and that is dragged then. */
import { useEffect, useRef, type PointerEvent, type ReactNode } from "react";
import { moved, zoomed, type Point, type Zoom } from "../tiles/zoom";

/** A pointer that moved less has clicked, in pixels. */
const CLICK = 4;
const WHEEL = 0.002;

interface ZoomableProps {
  zoom: Zoom;
  onZoom: (change: (zoom: Zoom) => Zoom) => void;
  children: ReactNode;
}

export function Zoomable({ zoom, onZoom, children }: ZoomableProps) {
  const root = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, Point>());
  const dragged = useRef(0);

  // The page's own listeners can't keep a wheel from scrolling.
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const turned = (event: WheelEvent) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
      const at = within(element, event);
      onZoom((before) => zoomed(before, Math.exp(-pixels * WHEEL), at, boxOf(element)));
    };
    element.addEventListener("wheel", turned, { passive: false });
    return () => element.removeEventListener("wheel", turned);
  }, [onZoom]);

  const pressed = (event: PointerEvent<HTMLDivElement>) => {
    if (pointers.current.size === 0) dragged.current = 0;
    pointers.current.set(event.pointerId, within(event.currentTarget, event));
    if (zoom.scale > 1) event.currentTarget.setPointerCapture(event.pointerId);
  };

  const went = (event: PointerEvent<HTMLDivElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const element = event.currentTarget;
    const now = within(element, event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    dragged.current += distance(before, now);
    const by = { x: now.x - before.x, y: now.y - before.y };
    onZoom((current) =>
      other
        ? zoomed(current, distance(now, other) / Math.max(1, distance(before, other)), other, boxOf(element))
        : moved(current, by, boxOf(element)),
    );
  };

  const released = (event: PointerEvent) => pointers.current.delete(event.pointerId);

  return (
    <div
      ref={root}
      className={`absolute inset-0 touch-none overflow-hidden ${zoom.scale > 1 ? "cursor-grab active:cursor-grabbing" : ""}`}
      onPointerDown={pressed}
      onPointerMove={went}
      onPointerUp={released}
      onPointerCancel={released}
      onClickCapture={(event) => {
        if (dragged.current > CLICK) event.stopPropagation();
      }}
    >
      <div
        className="size-full origin-top-left"
        style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
      >
        {children}
      </div>
    </div>
  );
}

function within(element: Element, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function boxOf({ clientWidth, clientHeight }: Element) {
  return { width: clientWidth, height: clientHeight };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
