/**
 * The history of a row: who changed which value when. What stood there before can be put back; it
 * then goes the way of everything that is typed.
 */

import { make } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

/** A moment of the server as people read it. */
export function momentText(moment) {
  return moment.slice(0, 16).replace("T", " ");
}

/** The entries that concern a field; all of them for none. */
export function entriesOf(entries, code) {
  if (!code) return entries;
  return entries
    .map((entry) => ({ ...entry, cells: entry.cells.filter(({ field }) => field === code) }))
    .filter(({ cells }) => cells.length > 0);
}

function makeCell(about, cell, { isNamed, wasThere }) {
  const isTold = wasThere && !cell.hidden;
  const mayRestore = isTold && about.mayRestore?.(cell.field, cell.value);
  const restore = {
    type: "button",
    class: "btn btn-sm",
    text: t("history_restore"),
    "aria-label": t("history_restore_value", { value: cell.before || t("nothing") }),
    onclick: () => about.restore(cell.field, cell.value, cell.before),
  };
  return make("li", {}, [
    isNamed ? make("span", { class: "history-field", text: cell.label }) : null,
    make("span", { class: "history-values" }, [
      make("span", { class: "history-before", text: cell.before || t("nothing") }),
      make("span", { "aria-label": t("history_became"), role: "img", text: " → " }),
      make("span", { class: "history-after", text: cell.after || t("nothing") }),
    ]),
    mayRestore ? make("button", restore) : null,
  ]);
}

function makeFold(list, count) {
  const summary = make("summary", { class: "text-secondary", text: t("history_values", { count }) });
  return make("details", {}, [summary, list]);
}

function makeEntry(about, entry, isNamed) {
  // Before a row was added there was nothing to put back; all that it began with is folded away.
  const wasThere = entry.operation !== "created";
  const cells = entry.cells.map((cell) => makeCell(about, cell, { isNamed, wasThere }));
  const list = cells.length > 0 ? make("ul", { class: "history-cells" }, cells) : null;
  const isFolded = list && isNamed && !wasThere;
  return make("li", { class: "history-entry" }, [
    make("div", { class: "history-head" }, [
      make("strong", { text: entry.by }),
      ` ${entry.operation_label} `,
      make("time", { text: momentText(entry.at), datetime: entry.at }),
      make("span", { class: "text-secondary", text: ` · ${entry.way}` }),
    ]),
    entry.reason ? make("div", { class: "text-secondary", text: entry.reason }) : null,
    isFolded ? makeFold(list, cells.length) : list,
  ]);
}

function makeSwitch(section, isWhole) {
  const change = () => {
    section.isWhole = !isWhole;
    section.redraw();
  };
  const text = t(isWhole ? "history_of_cell" : "history_of_row");
  return make("button", { type: "button", class: "btn btn-sm btn-ghost-secondary", text, onclick: change });
}

function makeHistory(about, { entries, complete }, section) {
  const isWhole = !about.field || section.isWhole === true;
  const shown = entriesOf(entries, isWhole ? null : about.field.code);
  const isCut = !complete && shown.length > 0;
  return make("div", {}, [
    shown.length === 0
      ? make("p", { class: "text-secondary section-note", text: t("history_none") })
      : make("ol", { class: "history-list" }, shown.map((entry) => makeEntry(about, entry, isWhole))),
    isCut ? make("p", { class: "text-secondary section-note", text: t("history_cut") }) : null,
    about.field ? makeSwitch(section, isWhole) : null,
  ]);
}

/**
 * The section.
 * @param {string} rowsUrl address of the table's rows
 */
export function historySection(rowsUrl) {
  return {
    name: "history",
    title: "section_history",
    isFolded: true,
    applies: ({ row }) => Boolean(row?.version),
    sourceOf: ({ row }) => `${row.id} ${row.version}`,
    keyOf: ({ field, row }) => `${field?.code} ${JSON.stringify(field ? row.values?.[field.code] : 0)}`,
    load: ({ row }, signal) =>
      requestJson(`${rowsUrl}/${encodeURIComponent(row.id)}/history`, { signal }),
    make: makeHistory,
  };
}
