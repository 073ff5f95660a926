/** The numbers of a connection in the last second, and how they went over two minutes. */
import type { Picture, Sample } from "../../../engine";
import { useTick } from "../../../shared/hooks";
import { useCall } from "../context";
import { bits, milliseconds, pictureWords, share } from "../numbers";
import { Sparkline } from "./Sparkline";

const PATHS: Record<Sample["path"], string> = {
  direct: "Browser to browser",
  relayed: "Relayed, encrypted end to end",
  unknown: "Not known yet",
};

export function QualityNumbers({ client }: { client: number }) {
  useTick(1_000);
  const call = useCall((state) => state.call);
  const samples = call?.samples(client) ?? [];
  const last = samples.at(-1);
  if (!last) return <p className="text-soft">Nothing is measured yet.</p>;
  const plots: readonly (readonly [string, string, (sample: Sample) => number])[] = [
    ["Received", bits(last.down), ({ down }) => down],
    ["Sent", bits(last.up), ({ up }) => up],
    ["Lost", share(last.loss), ({ loss }) => loss],
    ["Round trip", milliseconds(last.roundTrip), ({ roundTrip }) => roundTrip],
    ["Jitter", milliseconds(last.jitter), ({ jitter }) => jitter],
    ["Sound made up", share(last.concealed), ({ concealed }) => concealed],
  ];
  return (
    <>
      <dl className="space-y-1 text-[0.8rem]">
        <Row name="Path">{PATHS[last.path]}</Row>
        <PictureRow name="Their picture" picture={last.received} />
        <PictureRow name="Yours" picture={last.sent} />
        {plots.map(([name, value, of]) => (
          <Row key={name} name={name}>
            <Sparkline values={samples.map(of)} />
            <span className="w-16 text-right tabular-nums">{value}</span>
          </Row>
        ))}
      </dl>
      <p className="mt-2 text-[0.733rem] text-soft">The plots show the last two minutes.</p>
    </>
  );
}

function PictureRow({ name, picture }: { name: string; picture: Picture | undefined }) {
  return <Row name={name}>{picture ? pictureWords(picture) : "none"}</Row>;
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <dt className="shrink-0 text-soft">{name}</dt>
      <dd className="flex min-w-0 items-center gap-2 text-right">{children}</dd>
    </div>
  );
}
