/** The board's own menu: pictures and files, and what Excalidraw can do without anybody's server. */
import { MainMenu } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { Download, Upload } from "lucide-react";
import { useRef } from "react";
import { asOurs } from "./surface";
import { IMPORT, textOf } from "./exports";
import { UserError } from "../../../shared/sentences";

interface MenuProps {
  api: ExcalidrawImperativeAPI | null;
  writes: boolean;
  name: string;
  onImport: (text: string) => void;
  onProblem: (problem: unknown) => void;
}

export function Menu({ api, writes, name, onImport, onProblem }: MenuProps) {
  const field = useRef<HTMLInputElement>(null);
  const save = () => {
    if (api) download(textOf({ elements: asOurs(api.getSceneElements()), files: api.getFiles() }), name);
  };
  const read = (file: File | undefined) => {
    if (!file) return;
    if (file.size > IMPORT) onProblem(new UserError("This file is too large for a board."));
    else file.text().then(onImport, onProblem);
  };
  return (
    <>
      <MainMenu>
        <MainMenu.DefaultItems.SaveAsImage />
        <MainMenu.Item icon={<Download />} onSelect={save}>
          Save as file
        </MainMenu.Item>
        {writes && (
          <MainMenu.Item icon={<Upload />} onSelect={() => field.current?.click()}>
            Add from file…
          </MainMenu.Item>
        )}
        <MainMenu.Separator />
        <MainMenu.DefaultItems.SearchMenu />
        <MainMenu.DefaultItems.Help />
        {writes && <MainMenu.DefaultItems.ClearCanvas />}
      </MainMenu>
      <input
        ref={field}
        type="file"
        accept=".excalidraw,application/json"
        hidden
        aria-label="A file of Excalidraw"
        onChange={(event) => {
          read(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function download(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${name}.excalidraw`;
  link.click();
  // The download has begun, or will from what the browser holds already.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
