/**
 * Matching the columns of a file with the fields of the table: which sheet, which row has the
 * headings, what each column is. What is only similar is orange until it is confirmed.
 */

import { icon, make, makeSelect } from "../common/dom.js";
import { t } from "../common/messages.js";
import { countsOf, doubleFields, firstChoices, mappingOf, missingKeys, openColumns } from "./choices.js";

const undecided = "?";
const omitted = "";

/**
 * The panel as page elements.
 * @param {object} layout as the server tells it
 * @param {Object<string, string>} labels field code → label
 * @param {{isOpen: boolean, onMap: function(object): void}} options told the mapping to read by
 * @returns {HTMLElement}
 */
export function makeMapping(layout, labels, { isOpen, onMap }) {
  const choices = firstChoices(layout);
  const warning = make("p", { class: "import-open", role: "status" });
  const confirm = make("button", {
    type: "button",
    class: isOpen ? "btn btn-primary" : "btn",
    text: t(isOpen ? "mapping_confirm" : "mapping_again"),
    onclick: () => onMap(mappingOf(layout, choices)),
  });
  const rest = make("button", { type: "button", class: "btn", text: t("mapping_omit_rest") });
  const table = makeTable(layout, labels, choices, () => tell());
  const tell = () => {
    const open = openColumns(choices);
    const named = (codes) => codes.map((code) => labels[code] ?? code);
    const double = named(doubleFields(choices));
    const missing = named(missingKeys(layout, choices));
    confirm.disabled = open.length + double.length + missing.length > 0;
    rest.hidden = open.length === 0;
    warning.textContent = [
      open.length > 0 ? t("mapping_open", { count: open.length, columns: open.join(t("comma")) }) : "",
      double.length > 0 ? t("mapping_double", { fields: double.join(t("comma")) }) : "",
      missing.length > 0 ? t("mapping_missing", { fields: missing.join(t("comma")) }) : "",
    ].join(" ");
    warning.hidden = !confirm.disabled;
  };
  rest.addEventListener("click", () => {
    for (const column of openColumns(choices)) {
      const select = table.querySelector(`select[data-column="${column}"]`);
      select.value = omitted;
      select.dispatchEvent(new Event("change"));
    }
  });
  tell();
  return make("details", { class: "import-columns", open: isOpen }, [
    makeSummary(layout, choices),
    isOpen ? make("p", { class: "alert alert-warning", role: "alert", text: t("mapping_needed") }) : null,
    makePlace(layout, onMap),
    make("div", { class: "table-responsive" }, [table]),
    makeSkipped(layout),
    warning,
    make("div", { class: "btn-list my-3" }, [confirm, rest]),
  ]);
}

function makeSummary(layout, choices) {
  const { matched, suggested, omitted: left, open } = countsOf(layout, choices);
  const { sheet, heading_row: row } = layout;
  const told = [
    t("mapping_place", { sheet, row }),
    t("mapping_matched", { count: matched }),
    suggested > 0 ? t("mapping_suggested", { count: suggested }) : null,
    open > 0 ? t("mapping_undecided", { count: open }) : null,
    left > 0 ? t("mapping_omitted", { count: left }) : null,
  ];
  return make("summary", {}, [
    make("strong", { text: t("mapping_title") }),
    ` ${told.filter(Boolean).join(t("comma"))}`,
  ]);
}

// Choosing another sheet lets the server find its headings; a row is taken as it is given.
function makePlace({ sheets, sheet, heading_row: row }, onMap) {
  const names = sheets.map((name) => [name, name]);
  const number = make("input", {
    type: "number",
    class: "form-control",
    min: "1",
    value: String(row || 1),
    "aria-label": t("mapping_heading_row"),
  });
  const read = () => number.checkValidity() && onMap({ sheet, heading_row: Number(number.value) });
  number.addEventListener("keydown", (event) => event.key === "Enter" && read());
  return make("div", { class: "import-place" }, [
    make("label", {}, [
      t("mapping_sheet"),
      makeSelect(t("mapping_sheet"), names, sheet, (name) => onMap({ sheet: name })),
    ]),
    make("label", {}, [t("mapping_heading_row"), number]),
    make("button", { type: "button", class: "btn", text: t("mapping_read"), onclick: read }),
  ]);
}

function makeTable(layout, labels, choices, onChange) {
  const headings = ["column", "heading", "sample", "field", "how"];
  return make("table", { class: "table table-sm import-table", "aria-label": t("mapping_title") }, [
    make("thead", {}, [
      make("tr", {}, headings.map((name) => make("th", { scope: "col", text: t(`mapping_${name}`) }))),
    ]),
    make("tbody", {}, layout.columns.map((told) => makeRow(told, labels, choices, onChange))),
  ]);
}

function makeRow(told, labels, choices, onChange) {
  const { column, heading, sample } = told;
  const how = make("td", {});
  const line = make("tr", {}, [
    make("td", { text: column }),
    make("td", { text: heading || t("mapping_no_heading") }),
    make("td", { class: "import-sample", text: sample.join(t("comma")) }),
  ]);
  const tell = () => {
    const field = choices.get(column);
    line.className = lookOf(told, choices);
    how.replaceChildren(...makeHow(told, field, choices.has(column)));
  };
  const choose = (value) => {
    choices.set(column, value === undecided ? undefined : value === omitted ? null : value);
    tell();
    onChange();
  };
  line.append(make("td", {}, choices.has(column) ? [makeFields(told, labels, choices, choose)] : []), how);
  tell();
  return line;
}

function makeFields({ column, heading }, labels, choices, onChoose) {
  const chosen = choices.get(column);
  const options = [
    ...(chosen === undefined ? [[undecided, t("mapping_choose")]] : []),
    [omitted, t("mapping_omit")],
    ...Object.entries(labels),
  ];
  const value = chosen === undefined ? undecided : (chosen ?? omitted);
  const label = t("mapping_field_of", { heading: heading || column });
  const select = makeSelect(label, options, value, onChoose);
  select.dataset.column = column;
  return select;
}

function lookOf({ column, field, how }, choices) {
  if (!choices.has(column)) return "is-silent";
  const chosen = choices.get(column);
  if (chosen === undefined) return "is-open";
  if (how === "similar" && chosen === field) return "is-suggested";
  return chosen === null ? "is-silent" : "";
}

function makeHow({ field, how }, chosen, isMatched) {
  if (!isMatched) return [t(`how_${how}`)];
  if (chosen === undefined) return [icon("alert-triangle"), ` ${t("how_open")}`];
  if (chosen !== field) return [t("how_chosen")];
  if (how === "similar") return [icon("alert-triangle"), ` ${t("how_similar")}`];
  return [t(how === "none" ? "how_omitted" : `how_${how}`)];
}

function makeSkipped({ skipped }) {
  if (skipped.length === 0) return null;
  const lines = skipped.map(({ row, kind, text }) =>
    make("li", { text: t(`skipped_${kind}`, { row, text }) }),
  );
  return make("div", { class: "import-skipped" }, [
    make("p", { text: t("skipped_title", { count: skipped.length }) }),
    make("ul", {}, lines),
  ]);
}
