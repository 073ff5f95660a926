/** Excalidraw on one page of the board. The one place where its component stands. */
import "./assets";
import "./canvases";
import { Excalidraw } from "@excalidraw/excalidraw";
import "@excalidraw/excalidraw/index.css";
import type { ExcalidrawImperativeAPI, UIOptions } from "@excalidraw/excalidraw/types";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { toast } from "sonner";
import type { DocView } from "../../../engine";
import { useSession } from "../../../session/context";
import { useSheet } from "../../../session/sheets";
import { useTheme } from "../../../shared/theme";
import { sentence } from "../../../shared/sentences";
import type { Page } from "../model/pages";
import { hookOf } from "./hook";
import { addDrawing, leftOut } from "./adding";
import { takeDrops } from "./drops";
import { Menu } from "./Menu";
import { keepMeasured } from "./measuring";
import { nameControls } from "./names";
import { boardPlaces } from "./places";
import { drawnForPaper } from "./printing";
import { type Omitted, Session } from "./session";

interface CanvasProps {
  view: DocView;
  page: Page;
  writes: boolean;
  hidden: boolean;
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

const tell = (problem: unknown) => void toast.warning(sentence(problem));

export function Canvas(props: CanvasProps) {
  const { view, page, writes, hidden, onPage, onOmitted } = props;
  const shared = useSession();
  const places = shared.of(boardPlaces);
  const theme = useTheme();
  const [api, setApi] = useState<ExcalidrawImperativeAPI | null>(null);
  const session = useRef<Session>(undefined);
  const live = useRef({ writes, onPage, onOmitted });
  useEffect(() => {
    live.current = { writes, onPage, onOmitted };
  });

  // The page is moved for printing; the person did not scroll.
  const printing = useRef(false);
  useSheet("board", () => {
    printing.current = true;
    const drawing = api && drawnForPaper(api);
    printing.current = false;
    if (!api) return undefined;
    return drawing ? (
      <div ref={(sheet) => sheet?.replaceChildren(drawing)} />
    ) : (
      <p>Nothing is drawn on this page.</p>
    );
  });
  const take = async (text: string) => {
    const here = session.current;
    if (!api || !here) return;
    try {
      const skipped = await addDrawing(text, { api, view, bulk: here.store.bulk });
      if (skipped > 0) toast.info(leftOut(skipped));
    } catch (error) {
      tell(error);
    }
  };
  const takeDropped = useEffectEvent((text: string) => void take(text));

  useEffect(() => {
    if (!api) return;
    const here = new Session({
      api,
      session: shared,
      view,
      page: page.id,
      writes: () => live.current.writes,
      onPage: (next) => live.current.onPage(next),
      onProblem: tell,
      onOmitted: (omitted) => live.current.onOmitted(omitted),
    });
    session.current = here;
    const root = document.querySelector<HTMLElement>(".excalidraw-container");
    const stops = [nameControls(), keepMeasured(api)];
    if (root) {
      stops.push(
        takeDrops(root, { writes: () => live.current.writes, onDrawing: takeDropped, onProblem: tell }),
      );
    }
    // Excalidraw may have become ready before there was a listener.
    api.refresh();
    return () => {
      for (const stop of stops) stop();
      places.keep(page.id, api.getAppState());
      session.current = undefined;
      here.destroy();
    };
  }, [api, shared, places, view, page.id]);

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

  return (
    <Excalidraw
      excalidrawAPI={setApi}
      initialData={() => ({ elements: [], appState: places.kept(page.id) })}
      onChange={(elements, state, files) => session.current?.changed(elements, state, files)}
      onPointerUpdate={(update) => session.current?.pointed(update)}
      onScrollChange={() => !printing.current && session.current?.scrolled()}
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
