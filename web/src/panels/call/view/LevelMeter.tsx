/** How loud the microphone is, as a bar that moves past React. */
import { useEffect, useRef } from "react";
import { loudness, Meter } from "../own/meter";

interface LevelMeterProps {
  track: MediaStreamTrack;
  label?: string;
}

export function LevelMeter({ track, label = "Microphone level" }: LevelMeterProps) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let frame = 0;
    let meter: Meter;
    try {
      meter = new Meter(track);
    } catch {
      return;
    }
    const draw = () => {
      const level = loudness(meter.level());
      if (bar.current) {
        bar.current.style.setProperty("--level", level.toFixed(2));
        bar.current.setAttribute("aria-valuenow", String(Math.round(level * 10) * 10));
      }
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      meter.close();
    };
  }, [track]);
  return (
    <div
      ref={bar}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      className="call-meter"
    />
  );
}
