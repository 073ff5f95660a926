/** Which microphone, camera and speaker are used. */
import { useId } from "react";
import { useStore } from "zustand";
import { useRoomCall } from "../context";
import { useChosen } from "../own/useChosen";
import type { Choice } from "../own/devices";
import { inputLook } from "../../../ui/Field";

/** Those that are left out are of no use to the person. */
export function DeviceSelects({ listening = false }: { listening?: boolean }) {
  const { own, sound } = useRoomCall();
  const { microphones, cameras, speakers } = useStore(own.devices.state);
  const chosen = useChosen();
  const microphone = useStore(own.state, (state) => idOf(state.microphone.track));
  const camera = useStore(own.state, (state) => idOf(state.camera.track));
  return (
    <>
      {!listening && (
        <>
          <Select
            label="Microphone"
            choices={microphones}
            value={microphone ?? chosen.microphone}
            onChange={(id) => void own.pick("microphone", id)}
          />
          <Select
            label="Camera"
            choices={cameras}
            value={camera ?? chosen.camera}
            onChange={(id) => void own.pick("camera", id)}
          />
        </>
      )}
      <Select
        label="Speaker"
        choices={speakers}
        value={chosen.speaker}
        onChange={(id) => sound.setSpeaker(id)}
      />
    </>
  );
}

/** The device that a track comes from. */
function idOf(track: MediaStreamTrack | undefined): string | undefined {
  return track?.getSettings().deviceId;
}

interface SelectProps {
  label: string;
  choices: readonly Choice[];
  value: string | undefined;
  onChange: (id: string) => void;
}

function Select({ label, choices, value, onChange }: SelectProps) {
  const id = useId();
  if (choices.length === 0) return null;
  const known = choices.some((choice) => choice.id === value);
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-[0.867rem] font-medium">
        {label}
      </label>
      <select
        id={id}
        value={known ? value : (choices[0]?.id ?? "")}
        onChange={({ target }) => onChange(target.value)}
        className={inputLook}
      >
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
