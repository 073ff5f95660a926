/** How long a link holds: a week unless the inviter says otherwise, and never longer than the inviter's own. */
import { engine, type Role, type Room } from "../engine";
import { isOver } from "../shared/format";
import { device } from "../shared/memory";
import { Plain } from "../shared/sentences";

export type Given = Extract<Role, "participant" | "viewer">;
export type Lasting = "day" | "week" | "month" | "never";

const DAY = 86_400_000;
const spans: Record<Lasting, number | undefined> = {
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  never: undefined,
};

export const LASTINGS: readonly { value: Lasting; label: string }[] = [
  { value: "day", label: "in 1 day" },
  { value: "week", label: "in 1 week" },
  { value: "month", label: "in 1 month" },
  { value: "never", label: "never" },
];

/** The choice on this device the last time. Links lie about in histories: those without an end are for good. */
export function rememberedLasting(): Lasting {
  const kept = device.read("lasting");
  return LASTINGS.find(({ value }) => value === kept)?.value ?? "week";
}

export function rememberLasting(lasting: Lasting): void {
  device.write("lasting", lasting);
}

interface Ending {
  link: string;
  expires: number | undefined;
  /** One's own link ends then. */
  capped: boolean;
}

/** A link that holds so long, or as long as the one that one came by: what is made from it holds no longer. */
export async function linkFor(room: Room, role: Given, lasting: Lasting, now = Date.now()): Promise<Ending> {
  const open = await room.invite({ role });
  const { expires: end } = await (await engine()).inspect(open);
  if (isOver(end, now)) {
    throw new Plain("The link you came by has ended, so you can’t invite others any more.");
  }
  const span = spans[lasting];
  const wanted = span === undefined ? undefined : now + span;
  const capped = end !== undefined && (wanted === undefined || wanted >= end);
  if (capped || wanted === undefined) return { link: open, expires: end, capped };
  return { link: await room.invite({ role, expires: wanted }), expires: wanted, capped };
}
