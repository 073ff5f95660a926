/**
 * Reads nothing, where no language does. CodeMirror makes its state for languages anew when the first one comes, and
 * again in the same task because the language changed: a long text would be read twice, 20 ms each.
 */
import { defineLanguageFacet, Language, ParseContext } from "@codemirror/language";
import { Prec, type Extension } from "@codemirror/state";

export const noLanguage: Extension = Prec.lowest(
  new Language(defineLanguageFacet(), ParseContext.getSkippingParser()).extension,
);
