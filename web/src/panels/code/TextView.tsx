/** The editor of one file: CodeMirror on its Yjs text. */
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Text } from "yjs";
import "./editor.css";
import { useSession } from "../../session/context";
import { useSheet } from "../../session/sheets";
import { thinned } from "../../shared/piles";
import { Failed } from "../../ui/Part";
import type { DocView } from "../../engine";
import { parseAhead } from "./parseAhead";
import { shared } from "./binding";
import { textOf, type File } from "./files";
import { ReducedViewStrip, type Look } from "./ReducedViewStrip";
import { languageOf, type Language } from "./languages";
import { pausing } from "./pausing";
import { piles } from "./piles";
import { codePlaces, placeIn, restored, type CodePlaces } from "./places";
import { editing, reading } from "./setup";
import { markedIn, specialCharacters } from "./specialCharacters";
import { coloring } from "./theme";
import { noLanguage } from "./noLanguage";
import { troubleOf, weighAs, weighing } from "./weighing";
import { kindOf, troubleIn, type Kind } from "../../shared/weight";

interface TextViewProps {
  view: DocView;
  file: File;
  writable: boolean;
  onEditor: (editor: EditorView | undefined) => void;
}

export function TextView({ view, file, writable, onEditor }: TextViewProps) {
  const parent = useRef<HTMLDivElement>(null);
  const shown = useRef<Shown>(undefined);
  const [look, setLook] = useState<Look>(LIGHT);
  const [missing, setMissing] = useState<Missing>();
  const [attempt, setAttempt] = useState(0);
  const places = useSession().of(codePlaces);
  const { id, name } = file;

  useSheet("code", () => (
    <>
      <h1 dir="auto">{name}</h1>
      <pre>{thinned(textOf(view.doc, id).toJSON())}</pre>
    </>
  ));

  // In the layout phase, because an editor already taken from the page has lost its focus and its scrolling.
  useLayoutEffect(() => {
    if (!parent.current) return;
    const opened = open(parent.current, { view, places, id, name, writable, onLook: setLook });
    shown.current = opened;
    setLook(lookOf(opened.editor.state));
    onEditor(opened.editor);
    return () => {
      onEditor(undefined);
      close(opened, places, id);
    };
    // A new name changes label and language, for which the editor stays.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [view, places, id, writable, onEditor]);

  useEffect(() => {
    const { current } = shown;
    if (!current) return;
    const { editor, label, language, colors } = current;
    let wanted = true;
    // Only what differs: to read a long text by its language and to colour it takes a while.
    const change = (part: Compartment, extension: Extension) => {
      if (wanted && part.get(editor.state) !== extension)
        editor.dispatch({ effects: part.reconfigure(extension) });
    };
    if (editor.contentDOM.getAttribute("aria-label") !== labelOf(name, writable))
      change(label, labelled(name, writable));
    const steps = async () => {
      weighAs(editor, kindBy(name));
      const extension = fetched(name) ?? (await fetchedNow(name));
      if (wanted) setMissing(extension instanceof Error ? { name, error: extension } : undefined);
      if (extension instanceof Error) {
        change(language, PLAIN);
        return;
      }
      // A text that is too heavy gets its language when it has become light: this runs again then.
      change(language, troubleOf(editor.state) === undefined ? extension : PLAIN);
      if (colors.get(editor.state) !== coloring) await nextTask();
      change(colors, coloring);
    };
    void steps();
    return () => {
      wanted = false;
    };
  }, [view, id, name, writable, look.trouble, attempt]);

  return (
    <>
      {missing?.name === name && (
        <div className="border-b border-line p-2">
          <Failed
            name={`The colours for ${languageOf(name)?.name ?? "it"}`}
            error={missing.error}
            onAgain={() => setAttempt(attempt + 1)}
          />
        </div>
      )}
      <ReducedViewStrip trouble={languageOf(name) && look.trouble} marked={look.marked} />
      <div ref={parent} className="code-editor flex min-h-0 flex-1" />
    </>
  );
}

/** The language of the file of this name did not come. */
interface Missing {
  name: string;
  error: Error;
}

const LIGHT: Look = { trouble: undefined, marked: "all" };

function lookOf(state: EditorState): Look {
  return { trouble: troubleOf(state), marked: markedIn(state) };
}

function kindBy(name: string): Kind {
  return kindOf(languageOf(name)?.name);
}

interface Shown {
  editor: EditorView;
  text: Text;
  language: Compartment;
  colors: Compartment;
  label: Compartment;
}

interface Opening {
  view: DocView;
  places: CodePlaces;
  id: string;
  name: string;
  writable: boolean;
  onLook: (look: Look) => void;
}

function open(parent: HTMLElement, { view, places, id, name, writable, onLook }: Opening): Shown {
  const text = textOf(view.doc, id);
  const [language, colors, label] = [new Compartment(), new Compartment(), new Compartment()];
  const content = text.toJSON();
  const known = troubleIn(content, kindBy(name)) === undefined ? fetched(name) : undefined;
  const { focused } = places;
  const place = places.of(id);
  const back = place && restored(place, text);
  const editor = new EditorView({
    parent,
    ...(back && { scrollTo: back.scrollTo }),
    state: EditorState.create({
      doc: content,
      ...(back && { selection: back.selection }),
      extensions: [
        writable ? editing : reading,
        language.of(known ?? []),
        noLanguage,
        pausing(language),
        weighing(kindBy(name), language),
        specialCharacters(content),
        piles,
        EditorView.updateListener.of(({ startState, state }) => {
          const [before, after] = [lookOf(startState), lookOf(state)];
          if (before.trouble !== after.trouble || before.marked !== after.marked) onLook(after);
        }),
        parseAhead,
        colors.of(known ? coloring : []),
        label.of(labelled(name, writable)),
        shared(text, places.historyOf(text), view.awareness),
      ],
    }),
  });
  if (focused) editor.focus();
  return { editor, text, language, colors, label };
}

function close({ editor, text }: Shown, places: CodePlaces, id: string): void {
  places.focused = editor.hasFocus;
  places.keep(id, placeIn(editor, text));
  editor.destroy();
}

const PLAIN: Extension = [];
const languages = new Map<Language, Extension>();

/** The language of a file of this name, if it is fetched already. */
function fetched(name: string): Extension | undefined {
  const language = languageOf(name);
  return language ? languages.get(language) : PLAIN;
}

/** The same, fetched; a task of its own. A language that cannot be fetched leaves the text plain. */
async function fetchedNow(name: string): Promise<Extension | Error> {
  const language = languageOf(name);
  try {
    if (language) languages.set(language, await language.load());
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  await nextTask();
  return fetched(name) ?? PLAIN;
}

/** Keys come between what is done before and after. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function labelOf(name: string, writable: boolean): string {
  return `${name}, ${writable ? "shared with everyone in the room" : "read only"}`;
}

function labelled(name: string, writable: boolean): Extension {
  return EditorView.contentAttributes.of({ "aria-label": labelOf(name, writable) });
}
