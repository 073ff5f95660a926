/** The call while its panel is hidden: a small card in a corner of the work area, or a bar above it. */
import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { NARROW, useMedia } from "../../../shared/hooks";
import { cornerFor, rectAt, type Corner } from "../tiles/corner";
import type { Rect } from "../tiles/grid";

interface FloatingProps {
  label: string;
  above: HTMLElement | null;
  children: ReactNode;
}

export function Floating({ label, above, children }: FloatingProps) {
  const narrow = useMedia(NARROW);
  if (!above) return null;
  return createPortal(
    narrow ? (
      <Bar label={label}>{children}</Bar>
    ) : (
      <Card label={label} work={above.nextElementSibling}>
        {children}
      </Card>
    ),
    above,
  );
}

function Bar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <aside aria-label={label} data-look="bar" className="call-floating">
      {children}
    </aside>
  );
}

interface CardProps {
  label: string;
  work: Element | null;
  children: ReactNode;
}

/** A field in a corner is rare, and the card goes to another corner then. */
function Card({ label, work, children }: CardProps) {
  const root = useRef<HTMLElement>(null);
  const [at, setAt] = useState<{ corner: Corner | undefined; style: CSSProperties }>();
  useEffect(() => {
    const element = root.current;
    if (!element || !work) return;
    const place = () => setAt((before) => placed(element, work, before?.corner));
    const observer = new ResizeObserver(place);
    observer.observe(element);
    observer.observe(work);
    // Panels are moved without any of the two changing.
    const timer = setInterval(place, 1_000);
    return () => {
      observer.disconnect();
      clearInterval(timer);
    };
  }, [work]);
  // No corner is free: above the panels nothing is covered.
  const bar = at !== undefined && at.corner === undefined;
  return (
    <aside
      ref={root}
      aria-label={label}
      data-look={bar ? "bar" : "card"}
      className="call-floating"
      style={at?.style}
    >
      {children}
    </aside>
  );
}

/** Editors are left out: they fill their panels. */
const FIELDS = "form, textarea, input:not([type='checkbox'], [type='radio'], [type='range'])";
const CONTROLS = "button, a[href], select";

function placed(element: HTMLElement, work: Element, current: Corner | undefined) {
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const rects = (selector: string) =>
    [...work.querySelectorAll(selector)].map(rectOf).filter(({ width }) => width > 0);
  const place = rectOf(work);
  const corner = cornerFor(size, { place, fields: rects(FIELDS), controls: rects(CONTROLS) }, current);
  if (!corner) return { corner, style: {} };
  const { x, y } = rectAt(corner, size, place);
  return { corner, style: { left: x, top: y } };
}

function rectOf(element: Element): Rect {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}
