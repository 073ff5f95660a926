/** Entry or room, and the messages over both. */
import { useEffect } from "react";
import { Toaster } from "sonner";
import { Entry } from "../entry/Entry";
import { useTheme } from "../shared/theme";
import { RoomSkeleton } from "../shell/RoomSkeleton";
import { useApp } from "./state";
import { Boundary } from "../ui/Boundary";
import { part } from "../ui/Part";

const loadRoom = () => import("../shell/RoomView");
const RoomView = part(loadRoom, {
  name: "The room",
  waiting: <RoomSkeleton label="Opening the room…" />,
  frame: (said) => (
    <main className="mx-auto flex min-h-full max-w-[25rem] flex-col justify-center px-5">{said}</main>
  ),
});

export function App() {
  const session = useApp((state) => state.session);
  const busy = useApp((state) => state.busy);
  const theme = useTheme();

  // Fetched while the person types a name: a room then opens at once.
  useEffect(() => {
    const timer = setTimeout(() => {
      // The person who enters a room is told.
      loadRoom().then(
        ({ preload }) => preload(),
        () => undefined,
      );
    }, 400);
    return () => clearTimeout(timer);
  }, []);

  return (
    <Boundary>
      {session ? (
        <RoomView key={session.room.id} session={session} />
      ) : busy !== undefined ? (
        <RoomSkeleton label={busy} />
      ) : (
        <Entry />
      )}
      <Toaster theme={theme} position="bottom-center" offset={20} duration={7_000} />
    </Boundary>
  );
}
