/**
 * Which editor a field gets.
 */

import { ChoiceEditor, makeReferenceEditor } from "./choice_editor.js";
import { DateEditor } from "./date_editor.js";
import { LongTextEditor, TextEditor } from "./text_editor.js";
import { choicesOf } from "./values.js";

/** The editor class for a field. */
export function editorFor(field, picker) {
  if (field.type === "text") return LongTextEditor;
  if (field.type === "date" || field.type === "yearmonth") return DateEditor;
  if (field.type === "reference") return makeReferenceEditor(picker);
  if (choicesOf(field).length > 0) return ChoiceEditor;
  return TextEditor;
}
