/** Makes a link for others: what it allows, how long it holds, as text and as a QR code. */
import { Check, Copy } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { engine, type Room, type Tool } from "../engine";
import { copies } from "../shared/clipboard";
import { dateOf } from "../shared/format";
import { sentence } from "../shared/sentences";
import { useRoom, useSession } from "../session/context";
import { PARTS, writes as writesAs } from "../session/rights";
import { Button } from "../ui/Button";
import { inputLook } from "../ui/Field";
import { Modal } from "../ui/Modal";
import { Notice } from "../ui/Notice";
import { Segments } from "../ui/Segments";
import { Toggles } from "../ui/Toggles";
import { EXPIRIES, linkFor, rememberedExpiry, rememberExpiry, type Given, type Expiry } from "./linkExpiry";

interface Made {
  key: string;
  link?: string;
  /** When it ends, and whether that is because one's own link ends then. */
  expires?: number | undefined;
  capped?: boolean;
  qr?: string;
  problem?: string;
}

export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const { room } = useSession();
  const writes = useRoom(({ rights }) => writesAs(rights.role));
  const [chosen, setChosen] = useState<Given>("participant");
  const role = writes ? chosen : "viewer";
  const [expiry, setExpiry] = useState(rememberedExpiry);
  const rights = useRoom((state) => state.rights);
  const offered = PARTS.filter(({ value }) => rights.tools.has(value));
  const [left, setLeft] = useState<readonly Tool[]>([]);
  const parts = offered.map(({ value }) => value).filter((part) => !left.includes(part));
  const whole = role === "viewer" || parts.length === offered.length;
  const made = useLink(room, role, whole ? undefined : parts, expiry);

  return (
    <Modal
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Invite people"
      about="Whoever has the link is in, so send it only to those you mean. It stays in the history of the browser that opens it, where whoever uses that browser finds it."
    >
      <div className="mt-5 grid gap-x-8 gap-y-5 md:grid-cols-[1fr_auto]">
        <div className="min-w-0 space-y-5">
          {writes ? (
            <Choice label="Whoever opens it">
              <Segments
                label="Whoever opens it"
                value={role}
                onChange={setChosen}
                options={[
                  { value: "participant", label: "can write" },
                  { value: "viewer", label: "can look" },
                ]}
              />
            </Choice>
          ) : (
            <p className="text-soft">You can look at this room, so the link lets others look and no more.</p>
          )}
          {role === "participant" && offered.length > 1 && (
            <Choice label="They take part in">
              <Toggles
                label="They take part in"
                values={parts}
                onChange={(next) =>
                  setLeft(offered.map(({ value }) => value).filter((part) => !next.includes(part)))
                }
                options={offered}
              />
            </Choice>
          )}
          <Choice label="Expires">
            <Segments
              label="Expires"
              value={expiry}
              onChange={(next) => {
                setExpiry(next);
                rememberExpiry(next);
              }}
              options={EXPIRIES}
            />
            <p role="status" className="mt-1.5 min-h-[1.4em] text-[0.867rem] text-soft">
              {made?.link !== undefined && <Until {...made} />}
            </p>
          </Choice>
          {made?.problem !== undefined ? (
            <Notice tone="bad" alert>
              {made.problem}
            </Notice>
          ) : (
            <LinkField link={made?.link} />
          )}
        </div>
        {made?.problem === undefined && <Code image={made?.qr} />}
      </div>
    </Modal>
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <p aria-hidden className="mb-1.5 text-[0.867rem] font-medium">
        {label}
      </p>
      {children}
    </div>
  );
}

function Until({ expires, capped = false }: Made) {
  if (expires === undefined) return "It holds until the end of the room.";
  return (
    <>
      Until {dateOf(expires)}
      {capped ? ", no longer than the link you came by." : "."}
    </>
  );
}

/** The link for these terms; `undefined` while it is being signed. */
function useLink(
  room: Room,
  role: Given,
  tools: readonly Tool[] | undefined,
  expiry: Expiry,
): Made | undefined {
  const chosen = tools?.join(" ");
  const key = `${role} ${chosen} ${expiry}`;
  const [made, setMade] = useState<Made>();
  useEffect(() => {
    let current = true;
    const make = async (): Promise<Made> => {
      try {
        const parts = chosen === undefined ? {} : { tools: chosen.split(" ") as Tool[] };
        const made = await linkFor(room, { role, ...parts }, expiry);
        const svg = (await engine()).qr(made.link);
        return { key, ...made, qr: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` };
      } catch (error) {
        return { key, problem: sentence(error) };
      }
    };
    void make().then((next) => {
      if (current) setMade(next);
    });
    return () => {
      current = false;
    };
  }, [room, role, chosen, expiry, key]);
  return made?.key === key ? made : undefined;
}

function LinkField({ link }: { link: string | undefined }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<string>();
  const done = link !== undefined && copied === link;

  const copy = async () => {
    if (link === undefined) return;
    field.current?.select();
    if (!(await copies(link))) {
      toast.error("The browser did not copy. The link is selected: copy it with the keyboard.");
      return;
    }
    setCopied(link);
    setTimeout(() => setCopied(undefined), 2_500);
  };

  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-[0.867rem] font-medium">
        Invite link
      </label>
      <div className="flex gap-2">
        <input
          ref={field}
          id={id}
          readOnly
          value={link ?? ""}
          onFocus={(event) => event.target.select()}
          className={`${inputLook} font-mono text-[0.8rem] text-soft`}
        />
        <Button kind="primary" className="w-32" disabled={link === undefined} onClick={() => void copy()}>
          {done ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
          {done ? "Copied" : "Copy link"}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {done ? "The link is copied." : ""}
      </p>
    </div>
  );
}

/** White in the dark too: cameras read dark on light. */
function Code({ image }: { image: string | undefined }) {
  return (
    <div className="grid justify-items-center gap-2.5">
      <div className="grid size-80 place-items-center overflow-hidden rounded-xl border border-line bg-white">
        {image !== undefined && (
          <img
            src={image}
            alt="QR code of the link, to be scanned with a phone’s camera"
            className="max-h-full max-w-full"
          />
        )}
      </div>
      <p className="text-[0.867rem] text-soft">Or scan it with a phone’s camera.</p>
    </div>
  );
}
