/** A stream as a moving picture. Its sound is played elsewhere. */
import { useEffect, useRef } from "react";

interface VideoProps {
  stream: MediaStream;
  mirrored?: boolean;
  /** The whole picture with bars beside it, or as much as fills the place. */
  whole?: boolean;
}

export function Video({ stream, mirrored = false, whole = false }: VideoProps) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.srcObject = stream;
    return () => {
      video.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={ref}
      autoPlay
      playsInline
      muted
      disableRemotePlayback
      // Pauses when its panel is moved to another place.
      onPause={({ currentTarget }) => {
        if (currentTarget.isConnected) currentTarget.play().catch(() => undefined);
      }}
      className={`size-full ${whole ? "object-contain" : "object-cover"} ${mirrored ? "-scale-x-100" : ""}`}
    />
  );
}
