/** The way in: a name, and then a new room, a link, or a room that this device already has. */
import { useRef, useState } from "react";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Logo } from "../ui/Logo";
import { Notice } from "../ui/Notice";
import { ThemeSwitch } from "../ui/ThemeSwitch";
import { cleanName, NAME, tooLong, UNSEEN_NAME } from "../shared/names";
import { lacks } from "../shared/support";
import { refresh, reopen, setName, useApp } from "../app/state";
import { CreateForm } from "./CreateForm";
import { InvitationCard } from "./InvitationCard";
import { LinkForm } from "./LinkForm";
import { RoomList } from "./RoomList";

const NO_NAME = "Type a name first, any will do.";

export function Entry() {
  const { name, invitation, rooms, problem, broken, dropped } = useApp();
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const missing = lacks();
  const fatal = missing.some((lack) => lack.fatal);

  /** Runs `action` if there is a name that fits, else asks for one. */
  const named = (action: () => void) => {
    if (cleanName(name) !== "" && tooLong(name, NAME) === undefined) action();
    else {
      setAsked(true);
      field.current?.focus();
    }
  };

  const nameField = (
    <Field
      ref={field}
      label="Your name"
      placeholder="How others see you"
      value={name}
      most={NAME}
      autoComplete="nickname"
      autoFocus={name === ""}
      problem={asked && cleanName(name) === "" ? (name.trim() === "" ? NO_NAME : UNSEEN_NAME) : undefined}
      onChange={(event) => setName(event.target.value)}
    />
  );

  return (
    <main className="relative flex min-h-full flex-col items-center px-5 pt-[max(3.5rem,11vh)] pb-10">
      <div className="absolute top-3 right-3">
        <ThemeSwitch />
      </div>
      <div className="w-full max-w-[25rem] animate-rise">
        <Logo className="size-11" />
        {!invitation && <Welcome />}

        <div className="mt-8 space-y-3 [&:not(:empty)]:mb-6">
          {missing.map((lack) => (
            <Notice key={lack.what} tone={lack.fatal ? "bad" : "warn"} alert={lack.fatal}>
              <strong className="font-semibold">{lack.what}</strong> {lack.why}
            </Notice>
          ))}
          {broken !== undefined && !fatal && (
            <Notice
              tone="bad"
              alert
              action={
                <Button small onClick={() => void refresh()}>
                  Try again
                </Button>
              }
            >
              <strong className="font-semibold">Covey could not start.</strong> {broken}
            </Notice>
          )}
          {dropped && !invitation && (
            <Notice>
              A link was open here. It is not kept when the page is loaded anew: open it once more.
            </Notice>
          )}
          {problem !== undefined && (
            <Notice tone="bad" alert>
              {problem}
            </Notice>
          )}
        </div>

        {invitation ? (
          <InvitationCard invitation={invitation} nameField={nameField} named={named} blocked={fatal} />
        ) : (
          <>
            <CreateForm nameField={nameField} named={named} blocked={fatal} />
            <LinkForm />
            <RoomList rooms={rooms} onOpen={(id) => named(() => void reopen(id))} />
          </>
        )}
      </div>
    </main>
  );
}

function Welcome() {
  return (
    <header className="mt-5">
      <h1 className="text-[1.73rem] leading-tight font-semibold tracking-[-0.022em] text-balance">
        Work together, with nobody in the middle.
      </h1>
      <p className="mt-2.5 text-pretty text-soft">
        A room connects your browsers directly. No account, nothing to install, and what you write stays on
        your devices.
      </p>
    </header>
  );
}
