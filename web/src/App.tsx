/** Entry or room, and the messages over both. */
import { lazy, Suspense, useEffect } from "react";
import { Toaster } from "sonner";
import { Entry } from "./entry/Entry";
import { useTheme } from "./lib/theme";
import { RoomSkeleton } from "./room/RoomSkeleton";
import { useApp } from "./state/app";
import { Boundary } from "./ui/Boundary";

const loadRoom = () => import("./room/RoomView");
const RoomView = lazy(loadRoom);

export function App() {
  const room = useApp((state) => state.room);
  const busy = useApp((state) => state.busy);
  const theme = useTheme();

  // Fetched while the person types a name: a room then opens at once.
  useEffect(() => {
    const timer = setTimeout(() => void loadRoom().then(({ preload }) => preload()), 400);
    return () => clearTimeout(timer);
  }, []);

  return (
    <Boundary>
      {room ? (
        <Suspense fallback={<RoomSkeleton label="Opening the room…" />}>
          <RoomView key={room.id} room={room} />
        </Suspense>
      ) : busy !== undefined ? (
        <RoomSkeleton label={busy} />
      ) : (
        <Entry />
      )}
      <Toaster theme={theme} position="bottom-center" offset={20} duration={7_000} />
    </Boundary>
  );
}
