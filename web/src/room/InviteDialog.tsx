/** Makes a link for others: what it allows, how long it holds, as text and as a QR code. */
import { Check, Copy } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { engine, type Role, type Room } from "../engine";
import { copyText } from "../lib/clipboard";
import { mayWrite, sentence } from "../lib/format";
import { Button } from "../ui/Button";
import { inputLook } from "../ui/Field";
import { Modal } from "../ui/Modal";
import { Notice } from "../ui/Notice";
import { Segments } from "../ui/Segments";

type Given = Extract<Role, "participant" | "viewer">;
type Lasting = "always" | "hour" | "day" | "week";

const HOUR = 3_600_000;
const lastings: Record<Lasting, number | undefined> = {
  always: undefined,
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
};

interface Made {
  key: string;
  link?: string;
  qr?: string;
  problem?: string;
}

export default function InviteDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const writes = mayWrite(room.role);
  const [role, setRole] = useState<Given>(writes ? "participant" : "viewer");
  const [lasting, setLasting] = useState<Lasting>("always");
  const made = useLink(room, role, lasting);

  return (
    <Modal
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Invite people"
      about="Whoever has the link is in, so send it only to those you mean."
    >
      <div className="mt-5 space-y-4">
        {writes ? (
          <Choice label="Who opens it">
            <Segments
              label="Who opens it"
              value={role}
              onChange={setRole}
              options={[
                { value: "participant", label: "can write" },
                { value: "viewer", label: "can look" },
              ]}
            />
          </Choice>
        ) : (
          <p className="text-soft">You can look at this room, so the link lets others look and no more.</p>
        )}
        <Choice label="The link holds">
          <Segments
            label="The link holds"
            value={lasting}
            onChange={setLasting}
            options={[
              { value: "always", label: "always" },
              { value: "hour", label: "1 hour" },
              { value: "day", label: "1 day" },
              { value: "week", label: "1 week" },
            ]}
          />
        </Choice>
        {made?.problem !== undefined ? (
          <Notice tone="bad" alert>
            {made.problem}
          </Notice>
        ) : (
          <LinkAndCode link={made?.link} qr={made?.qr} />
        )}
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

/** The link for these terms; `undefined` while it is being signed. */
function useLink(room: Room, role: Given, lasting: Lasting): Made | undefined {
  const key = `${role} ${lasting}`;
  const [made, setMade] = useState<Made>();
  useEffect(() => {
    let current = true;
    const span = lastings[lasting];
    const make = async (): Promise<Made> => {
      try {
        const link = await room.invite(span === undefined ? { role } : { role, expires: Date.now() + span });
        const svg = (await engine()).qr(link);
        return { key, link, qr: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` };
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
  }, [room, role, lasting, key]);
  return made?.key === key ? made : undefined;
}

function LinkAndCode({ link, qr }: { link: string | undefined; qr: string | undefined }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<string>();
  const done = link !== undefined && copied === link;

  const copy = async () => {
    if (link === undefined) return;
    field.current?.select();
    if (await copyText(link)) setCopied(link);
  };

  return (
    <>
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
          <Button kind="primary" className="w-28" disabled={link === undefined} onClick={() => void copy()}>
            {done ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
            {done ? "Copied" : "Copy link"}
          </Button>
        </div>
        <p role="status" className="sr-only">
          {done ? "The link is copied." : ""}
        </p>
      </div>
      <div className="grid place-items-center pt-1">
        <div className="size-64 overflow-hidden rounded-xl border border-line bg-white p-2 max-[420px]:size-56">
          {qr !== undefined && (
            <img
              src={qr}
              alt="QR code of the link, to be scanned with a phone’s camera"
              className="size-full"
            />
          )}
        </div>
        <p className="mt-2.5 text-[0.867rem] text-soft">Or scan it with a phone’s camera.</p>
      </div>
    </>
  );
}
