/**
 * Changing the same fields of many rows: for each field keep, set, clear, or replace a text.
 */

import { notify, openDialog } from "../common/dialog.js";
import { RequestProblem, requestJson } from "../common/http.js";
import { make, makeSelect } from "../common/dom.js";
import { t } from "../common/messages.js";
import { changeInBulk } from "./bulk_changes.js";
import { choicesOf, parseText } from "./values.js";

const ways = ["keep", "set", "clear", "replace"];
/** Rows that the server changes at once: one transaction, one set, one undo. */
export const mostRows = 20000;

/** Ids of the stored rows in the selection, and whether there are others in it. */
export function selectedIds({ sheet, selection }) {
  const block = selection.block();
  const ids = [];
  for (let position = block?.top; position <= block?.bottom; position += 1) {
    const row = sheet.at(position);
    if (row && !sheet.isPlaceholder(row) && !row.isNew) ids.push(row.id);
  }
  return ids;
}

/** Open the dialog. */
export async function openBulkEdit(app) {
  const { sheet, store } = app;
  if (!sheet.canEdit) {
    notify(sheet.lockReason ?? sheet.spec.rights.edit ?? t("read_only"));
    return;
  }
  const block = app.selection.block();
  // Too many rows are not even loaded; the dialog says so.
  const selected = block ? block.bottom - block.top + 1 : 0;
  if (block && selected <= mostRows) await store.ensure(block.top, block.bottom);
  const ids = selected <= mostRows ? selectedIds(app) : [];
  const lines = sheet.allFields
    .filter((field) => field.editable !== false && field.type !== "binary")
    .map((field) => new FieldLine(field));
  const scope = makeScope(scopeOf(ids.length, selected, store.length), store);
  const how = makeHow();
  const preview = make("button", {
    type: "button",
    class: "btn btn-primary",
    text: t("bulk_preview"),
    onclick: () => goOn(app, { dialog, lines, scope, how, ids, preview }),
  });
  const cancel = make("button", { type: "submit", class: "btn", text: t("cancel"), value: "no" });
  const table = make("div", { class: "bulk-fields" }, lines.map(({ element }) => element));
  preview.disabled = scope.isImpossible;
  const dialog = openDialog(t("bulk_title"), [scope.element, table, how.element], [cancel, preview]);
  dialog.classList.add("bulk-edit");
}

/**
 * Which of the two choices of rows there are, and why not.
 * @param {number} count stored rows of the selection
 * @param {number} selected lines of the selection
 * @param {number} shown rows that the filter leaves
 * @returns {{count: number, canSelected: boolean, canShown: boolean, isSelectedFirst: boolean,
 *   tooMany: string|null}}
 */
export function scopeOf(count, selected, shown) {
  const canShown = shown <= mostRows;
  const canSelected = count > 0;
  const isTooMany = selected > mostRows || !canShown;
  return {
    count: selected > mostRows ? selected : count,
    canSelected,
    canShown,
    isSelectedFirst: canSelected,
    tooMany: isTooMany ? "bulk_too_many" : null,
  };
}

function makeScope({ count: selected, canSelected, canShown, isSelectedFirst, tooMany }, store) {
  const count = store.isCountExact ? String(store.length) : t("at_least_count", { count: store.length });
  const radio = (value, text, isChecked, isPossible) =>
    make("label", { class: "form-check" }, [
      make("input", {
        type: "radio",
        class: "form-check-input",
        name: "bulk-scope",
        value,
        checked: isChecked,
        disabled: !isPossible,
      }),
      make("span", { class: "form-check-label", text }),
    ]);
  const element = make("fieldset", { class: "bulk-scope" }, [
    make("legend", { text: t("bulk_rows") }),
    radio("selected", t("bulk_selected", { count: selected }), isSelectedFirst, canSelected),
    radio("shown", t("bulk_shown", { count }), !isSelectedFirst, canShown),
    tooMany ? make("p", { class: "form-hint", role: "note", text: t(tooMany, { count: mostRows }) }) : null,
  ]);
  return {
    element,
    isImpossible: !canSelected && !canShown,
    isOfSelection: () => element.querySelector("input:checked")?.value === "selected",
  };
}

/** Ticks for how texts are compared. */
export function makeHow() {
  const tick = (name) =>
    make("label", { class: "form-check form-check-inline" }, [
      make("input", { type: "checkbox", class: "form-check-input", name }),
      make("span", { class: "form-check-label", text: t(`find_${name}`) }),
    ]);
  const element = make("div", { class: "find-how" }, ["match_case", "match_width", "whole"].map(tick));
  const read = () =>
    Object.fromEntries([...element.querySelectorAll("input")].map(({ name, checked }) => [name, checked]));
  return { element, read };
}

/** One field of the dialog. */
class FieldLine {
  constructor(field) {
    this.field = field;
    this.way = "keep";
    this.inputs = make("div", { class: "bulk-inputs" });
    const options = ways
      .filter((way) => way !== "replace" || field.type !== "boolean")
      .filter((way) => way !== "clear" || !field.required)
      .map((way) => [way, t(`bulk_${way}`)]);
    this.element = make("div", { class: "bulk-field" }, [
      make("span", { class: "bulk-label", text: field.label }),
      makeSelect(t("bulk_way", { field: field.label }), options, "keep", (way) => this.#choose(way)),
      this.inputs,
    ]);
  }

  #choose(way) {
    this.way = way;
    this.value = null;
    this.find = null;
    if (way === "replace") {
      this.find = makeText(t("find_text"), t("find_text"));
      this.value = makeText(t("find_replacement"), t("find_replacement"));
    } else if (way === "set") this.value = this.#makeValue();
    this.inputs.replaceChildren(...[this.find, this.value].filter(Boolean));
    (this.find ?? this.value)?.focus();
  }

  #makeValue() {
    const choices = choicesOf(this.field);
    const label = t("bulk_value", { field: this.field.label });
    if (choices.length === 0) return makeText(label, this.field.type === "date" ? "1985-03-12" : "");
    const options = choices.map(({ code, label: text }) => [String(code), text]);
    return makeSelect(label, [["", t("filter_choose")], ...options], "", () => {});
  }

  /** What is sent; null when the field stays. Throws a text where something is missing. */
  edit(how) {
    const { field, way } = this;
    if (way === "keep") return null;
    if (way === "clear") return { field: field.code, do: "clear" };
    const typed = this.value.value;
    if (way === "replace") {
      if (this.find.value === "") throw new MissingText(t("bulk_find_missing", { field: field.label }));
      return { field: field.code, do: "replace", find: this.find.value, value: typed, ...how };
    }
    if (typed.trim() === "") throw new MissingText(t(missingKey(field), { field: field.label }));
    const value = parseText(field, typed);
    return { field: field.code, do: "set", value: String(value) };
  }
}

class MissingText extends Error {}

/** What to say where the new value is missing: “clear” is offered where the field may be empty. */
export function missingKey({ required }) {
  return required ? "bulk_value_required" : "bulk_value_missing";
}

function makeText(label, placeholder) {
  return make("input", { type: "text", class: "form-control", "aria-label": label, placeholder, maxlength: 2000 });
}

async function goOn(app, { dialog, lines, scope, how, ids, preview }) {
  let edits;
  try {
    edits = lines.map((line) => line.edit(how.read())).filter(Boolean);
  } catch (problem) {
    if (!(problem instanceof MissingText)) throw problem;
    say(dialog, problem.message);
    return;
  }
  if (edits.length === 0) {
    say(dialog, t("bulk_nothing"));
    return;
  }
  const chosen = scope.isOfSelection() ? ids : null;
  // A trial of many rows takes its time; meanwhile nobody presses twice.
  say(dialog, t("bulk_working", { count: chosen?.length ?? app.store.length }));
  preview.disabled = true;
  try {
    const named = await withKeys(app, edits);
    const isWritten = await changeInBulk(app, { title: t("bulk_title"), edits: named, ids: chosen });
    if (isWritten) dialog.close();
  } finally {
    preview.disabled = false;
    say(dialog, "");
  }
}

// Whoever types the name of a row means its key.
async function withKeys(app, edits) {
  const references = new Set(app.sheet.allFields.filter(({ type }) => type === "reference").map(({ code }) => code));
  return Promise.all(
    edits.map(async (edit) => {
      if (edit.do !== "set" || !references.has(edit.field)) return edit;
      try {
        const body = { period: app.scope.period, field: edit.field, texts: [edit.value] };
        const { keys } = await requestJson(app.addresses.keysUrl, { method: "POST", body });
        return { ...edit, value: Object.hasOwn(keys, edit.value) ? keys[edit.value] : edit.value };
      } catch (problem) {
        if (!(problem instanceof RequestProblem)) throw problem;
        return edit;
      }
    }),
  );
}

function say(dialog, text) {
  const body = dialog.querySelector(".dialog-body");
  body.querySelector("[role=alert]")?.remove();
  if (text) body.prepend(make("p", { class: "preview-reason", role: "alert", text }));
  body.scrollTop = 0;
}
