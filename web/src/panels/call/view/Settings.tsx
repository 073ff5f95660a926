/** The settings while one is in the call. */
import { useEffect } from "react";
import { useRoom } from "../../../session/context";
import { mayUse } from "../../../session/rights";
import { Segments } from "../../../ui/Segments";
import { useCall, useRoomCall } from "../context";
import { choose } from "../own/choices";
import { useChosen } from "../own/useChosen";
import { DeviceSelects } from "./DeviceSelects";
import { TestCall } from "./TestCall";

export function Settings() {
  const call = useRoomCall();
  const arrangement = useCall((state) => state.arrangement);
  const { detail = "text", saving = false } = useChosen();
  const speaks = useRoom(({ rights }) => mayUse(rights, "call"));
  const shares = useRoom(({ rights }) => mayUse(rights, "screen"));
  useEffect(() => void call.own.devices.refresh(), [call]);
  return (
    <>
      <DeviceSelects listening={!speaks} />
      {speaks && <TestCall />}
      {shares && (
        <Choice label="Your shared screen shows">
          <Segments
            label="Your shared screen shows"
            value={detail}
            onChange={(next) => call.own.setDetail(next)}
            options={[
              { value: "text", label: "text" },
              { value: "motion", label: "motion" },
            ]}
          />
        </Choice>
      )}
      <Choice label="Arrangement">
        <Segments
          label="Arrangement"
          value={arrangement}
          onChange={(next) => call.arrange(next)}
          options={[
            { value: "grid", label: "grid" },
            { value: "speaker", label: "speaker" },
          ]}
        />
      </Choice>
      <label className="flex items-start gap-2.5">
        <input
          type="checkbox"
          checked={saving}
          onChange={({ target }) => choose({ saving: target.checked })}
          className="mt-1 size-4 shrink-0 accent-(--accent)"
        />
        <span>
          <span className="block text-[0.867rem] font-medium">Data saver</span>
          <span className="block text-[0.8rem] text-soft">
            Less video is sent and received; the sound stays as it is.
          </span>
        </span>
      </label>
    </>
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <p aria-hidden className="mb-1 text-[0.867rem] font-medium">
        {label}
      </p>
      {children}
    </div>
  );
}
