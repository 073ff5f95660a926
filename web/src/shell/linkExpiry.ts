/** How long a link holds: a week unless the inviter says otherwise, and never longer than the inviter's own. */
import { engine, type Role, type Room, type Tool } from "../engine";
import { isOver } from "../shared/format";
import { device } from "../shared/memory";
import { UserError } from "../shared/sentences";

export type Given = Extract<Role, "participant" | "viewer">;
export type Expiry = "day" | "week" | "month" | "never";

const DAY = 86_400_000;
const spans: Record<Expiry, number | undefined> = {
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  never: undefined,
};

export const EXPIRIES: readonly { value: Expiry; label: string }[] = [
  { value: "day", label: "in 1 day" },
  { value: "week", label: "in 1 week" },
  { value: "month", label: "in 1 month" },
  { value: "never", label: "never" },
];

/** The choice on this device the last time. Browser histories keep links, so a link without an end is for good. */
export function rememberedExpiry(): Expiry {
  const kept = device.read("lasting");
  return EXPIRIES.find(({ value }) => value === kept)?.value ?? "week";
}

export function rememberExpiry(expiry: Expiry): void {
  device.write("lasting", expiry);
}

export interface Terms {
  readonly role: Given;
  /** The parts that it is for; nothing for all there is and will be. */
  readonly tools?: readonly Tool[];
}

interface Ending {
  link: string;
  expires: number | undefined;
  /** One's own link ends then. */
  capped: boolean;
}

/** A link that holds so long, or as long as the one that one came by: what is made from it holds no longer. */
export async function linkFor(room: Room, terms: Terms, expiry: Expiry, now = Date.now()): Promise<Ending> {
  const open = await room.invite(terms);
  const { expires: end } = await (await engine()).inspect(open);
  if (isOver(end, now)) {
    throw new UserError("The link you came by has ended, so you can’t invite others any more.");
  }
  const span = spans[expiry];
  const wanted = span === undefined ? undefined : now + span;
  const capped = end !== undefined && (wanted === undefined || wanted >= end);
  if (capped || wanted === undefined) return { link: open, expires: end, capped };
  return { link: await room.invite({ ...terms, expires: wanted }), expires: wanted, capped };
}
