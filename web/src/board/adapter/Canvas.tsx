/** Excalidraw on one page of the board. The one place where its component stands. */
import "./assets";
import "./canvases";
import { Excalidraw } from "@excalidraw/excalidraw";
import "@excalidraw/excalidraw/index.css";
import type { ExcalidrawImperativeAPI, UIOptions, UserToFollow } from "@excalidraw/excalidraw/types";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { DocView, Room } from "../../engine";
import { useTheme } from "../../lib/theme";
import { sentence } from "../../lib/format";
import { amountOf } from "../model/bulk";
import { encodeElement } from "../codec/codec";
import { Files } from "../model/files";
import type { Page } from "../model/pages";
import { type Imported, importOf } from "./exports";
import { hookOf } from "./hook";
import { fitting } from "./images";
import { Menu } from "./Menu";
import { nameControls } from "./names";
import { keep, kept } from "./places";
import { Plain } from "./plain";
import { type Omitted, Session } from "./session";
import { withinPage } from "./insert";

interface CanvasProps {
  room: Room;
  view: DocView;
  page: Page;
  writes: boolean;
  hidden: boolean;
  followed: UserToFollow | null;
  onFollow: (person: UserToFollow | null) => void;
  onPage: (page: string) => void;
  onOmitted: (omitted: Omitted) => void;
}

const OPTIONS: UIOptions = {
  canvasActions: {
    changeViewBackgroundColor: false,
    clearCanvas: true,
    export: false,
    loadScene: false,
    saveToActiveFile: false,
    toggleTheme: false,
    saveAsImage: true,
  },
};

const tell = (problem: unknown) =>
  void toast.warning(problem instanceof Plain ? problem.message : sentence(problem));

export function Canvas(props: CanvasProps) {
  const { room, view, page, writes, hidden, followed, onFollow, onPage, onOmitted } = props;
  const theme = useTheme();
  const [api, setApi] = useState<ExcalidrawImperativeAPI | null>(null);
  const session = useRef<Session>(undefined);
  const live = useRef({ writes, followed, onFollow, onPage, onOmitted });
  useEffect(() => {
    live.current = { writes, followed, onFollow, onPage, onOmitted };
  });

  useEffect(() => {
    if (!api) return;
    const here = new Session({
      api,
      room,
      view,
      page: page.id,
      writes: () => live.current.writes,
      followed: live.current.followed,
      onFollow: (person) => live.current.onFollow(person),
      onPage: (next) => live.current.onPage(next),
      onProblem: tell,
      onOmitted: (omitted) => live.current.onOmitted(omitted),
    });
    session.current = here;
    const stopNaming = nameControls();
    // Excalidraw may have told of its readiness before anybody listened.
    api.refresh();
    return () => {
      stopNaming();
      keep(view, page.id, api.getAppState());
      session.current = undefined;
      here.destroy();
    };
  }, [api, room, view, page.id]);

  useEffect(() => {
    const here = session.current;
    if (!api || !here) return;
    if (hidden) {
      here.away();
      return;
    }
    // It had no size while it was hidden.
    api.refresh();
    const hook = hookOf(api, here, view, page.id);
    globalThis.coveyBoard = hook;
    return () => {
      if (globalThis.coveyBoard === hook) globalThis.coveyBoard = undefined;
    };
  }, [api, hidden, view, page.id]);

  const take = async (text: string) => {
    try {
      const drawing = importOf(text);
      const amounts = drawing.elements.map((element) => amountOf(encodeElement(element)));
      if (session.current?.store.bulk.wouldBeTooMuch(amounts) !== false) throw new TooMuch();
      const lost = await shareFiles(new Files(view.doc), drawing);
      if (api) withinPage(api, drawing.elements);
      const skipped = drawing.skipped + lost;
      if (skipped > 0) toast.info(`${skipped} of the file's elements have no place on a board.`);
    } catch (error) {
      tell(error);
    }
  };

  return (
    <Excalidraw
      excalidrawAPI={setApi}
      initialData={() => ({ elements: [], appState: kept(view, page.id) })}
      onChange={(elements, state, files) => session.current?.changed(elements, state, files)}
      onPointerUpdate={(update) => session.current?.pointed(update)}
      onScrollChange={() => session.current?.scrolled()}
      generateIdForFile={(file) => session.current?.gallery.adopt(file) ?? ""}
      viewModeEnabled={!writes}
      theme={theme}
      langCode={document.documentElement.lang}
      name={page.name}
      isCollaborating
      validateEmbeddable={false}
      aiEnabled={false}
      handleKeyboardGlobally={false}
      autoFocus={false}
      UIOptions={OPTIONS}
    >
      <Menu
        api={api}
        writes={writes}
        name={page.name}
        onImport={(text) => void take(text)}
        onProblem={tell}
      />
    </Excalidraw>
  );
}

class TooMuch extends Plain {
  override readonly name = "TooMuch";

  constructor() {
    super(
      "This file holds more than one page can show. Save it as several smaller ones and add them one by one.",
    );
  }
}

/** Each made to fit first; answers how many could not be. */
async function shareFiles(shared: Files, { files }: Imported): Promise<number> {
  let lost = 0;
  for (const { id, mime, data, created } of files) {
    try {
      const fits = await fitting(new Blob([data.slice()], { type: mime }));
      shared.put({ id, mime: fits.type, data: new Uint8Array(await fits.arrayBuffer()), created });
    } catch {
      lost += 1;
    }
  }
  return lost;
}
