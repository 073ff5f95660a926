/**
 * A language for files without one, which parses nothing. Without it CodeMirror makes its state for languages anew when
 * the first language comes, and again in the same task because the language changed. A long text would be read twice,
 * 20 ms each.
 */
import { defineLanguageFacet, Language, ParseContext } from "@codemirror/language";
import { Prec, type Extension } from "@codemirror/state";

export const noLanguage: Extension = Prec.lowest(
  new Language(defineLanguageFacet(), ParseContext.getSkippingParser()).extension,
);
