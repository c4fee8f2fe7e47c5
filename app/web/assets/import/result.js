/**
 * What an import would do or has done: a tab for every outcome with its count and its rows, and one
 * with everything that is wrong.
 */

import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { formatValue } from "../grid/values.js";
import { makeGroups } from "./findings.js";
import { makeTabs } from "./tabs.js";

const outcomes = [
  ["created", "plus", "is-created"],
  ["changed", "pencil", "is-changed"],
  ["unchanged", "equal", "is-unchanged"],
  ["rejected", "alert-circle", "is-rejected"],
];

// Row numbers come first in every table here.
function makeHeading(text, index) {
  return make("th", { scope: "col", class: index === 0 ? "number" : null, text });
}

function makeTable(headings, rows, label) {
  return make("div", { class: "table-responsive" }, [
    make("table", { class: "table table-sm import-table", "aria-label": label }, [
      make("thead", {}, [
        make("tr", {}, headings.map(makeHeading)),
      ]),
      make("tbody", {}, rows),
    ]),
  ]);
}

function makeCell(field, { values, changes }) {
  const change = changes?.[field.code];
  if (!change) return make("td", { text: formatValue(field, values?.[field.code]) });
  const [former, present] = change.map((value) => formatValue(field, value));
  return make("td", { class: "is-changed" }, [
    make("del", { text: former || t("nothing") }),
    " → ",
    make("ins", { text: present || t("nothing") }),
  ]);
}

/** Rows of an outcome that are drawn at once; more come on demand. */
export const drawnAtOnce = 200;

/** The stretches that the rows are drawn in. */
export function stretchesOf(rows) {
  const count = Math.ceil(rows.length / drawnAtOnce);
  return Array.from({ length: count }, (_, index) => rows.slice(index * drawnAtOnce, (index + 1) * drawnAtOnce));
}

// Stretch after stretch, each below the one before when it is asked for.
function makeStretches(rows, fields) {
  const stretches = stretchesOf(rows);
  const holder = make("div", {});
  const more = make("button", { type: "button", class: "btn" });
  let drawn = 0;
  const drawNext = () => {
    more.before(makeRows(stretches[drawn], fields));
    drawn += 1;
    more.hidden = drawn >= stretches.length;
    more.textContent = t("preview_next", { shown: Math.min(drawn * drawnAtOnce, rows.length), count: rows.length });
  };
  more.addEventListener("click", drawNext);
  holder.append(more);
  if (stretches.length > 0) drawNext();
  else more.hidden = true;
  return holder;
}

function makeRows(rows, fields) {
  const present = new Set(rows.flatMap(({ values }) => Object.keys(values ?? {})));
  const known = fields.filter(({ code }) => present.has(code));
  const headings = [t("finding_row"), ...known.map(({ label }) => label)];
  const lines = rows.map((row) =>
    make("tr", {}, [
      make("td", { class: "number", text: String(row.row ?? "") }),
      ...known.map((field) => makeCell(field, row)),
    ]),
  );
  return makeTable(headings, lines, t("preview_label"));
}

// The server tells the first rows of every outcome, and all findings.
function makePanel(name, outcome, fields) {
  const count = outcome[name] ?? 0;
  const { findings = [], rows_preview: preview = [] } = outcome;
  const rows = preview.filter((row) => row.outcome === name);
  if (name === "rejected") {
    if (findings.length === 0) return make("p", { text: t("findings_none") });
    return make("div", {}, [
      make("h3", { text: t("findings_title", { count: findings.length }) }),
      makeGroups(findings),
    ]);
  }
  if (count === 0) return make("p", { text: t("import_no_rows") });
  return make("div", {}, [
    rows.length < count ? make("p", { text: t("preview_first", { shown: rows.length, count }) }) : null,
    makeStretches(rows, fields),
  ]);
}

function makeOutcomeTabs(outcome, fields) {
  const tabs = outcomes.map(([name, symbol, look]) => ({
    name,
    look,
    parts: [
      make("span", { class: "import-figure-name" }, [icon(symbol), t(`import_${name}`)]),
      make("span", { class: "import-figure-number", text: String(outcome[name] ?? 0) }),
    ],
    makePanel: () => makePanel(name, outcome, fields),
  }));
  const order = ["rejected", "created", "changed", "unchanged"];
  const first = order.find((name) => (outcome[name] ?? 0) > 0) ?? "created";
  return makeTabs(t("import_outcome"), tabs, first);
}

// What was not taken as it stands in the file is said, cell by cell.
function makeTidied({ tidied = [], tidied_count: count = 0 }) {
  if (count === 0) return null;
  const lines = tidied.map(({ row, column, label, before, after }) =>
    make("tr", {}, [
      make("td", { class: "number", text: column ? `${column}${row}` : String(row) }),
      make("td", { text: label }),
      make("td", {}, [make("del", { text: before }), " → ", make("ins", { text: after ?? t("nothing") })]),
    ]),
  );
  const more = count - tidied.length;
  return make("details", { class: "import-tidied" }, [
    make("summary", { text: t("import_tidied", { count }) }),
    makeTable([t("finding_cell"), t("import_field"), t("import_tidied_text")], lines, t("import_tidied", { count })),
    more > 0 ? make("p", { text: t("and_more", { count: more }) }) : null,
  ]);
}

function titleOf(outcome, isDone) {
  const { created = 0, changed = 0, unchanged = 0, rejected = 0, incomplete = 0 } = outcome;
  if (isDone) return t("import_done", { created, changed });
  if (rejected > 0) return t("import_has_errors", { count: rejected });
  if (created + changed === 0) return t(unchanged > 0 ? "import_nothing" : "import_empty");
  return incomplete > 0
    ? t("import_ready_incomplete", { created, changed, incomplete })
    : t("import_ready");
}

// What to know and to do, beside the title.
function adviceOn(outcome, isDone) {
  const { created = 0, changed = 0, unchanged = 0, rejected = 0, incomplete = 0 } = outcome;
  const isEmpty = created + changed + unchanged + rejected === 0;
  return [
    isEmpty ? t("import_empty_advice") : null,
    rejected > 0 && !isDone ? t("import_correct_and_repeat") : null,
    incomplete > 0 ? t("import_incomplete", { count: incomplete }) : null,
  ].filter((text) => text !== null);
}

function makeButtons(outcome, { isDone, onConfirm, address, changes }) {
  const { created = 0, changed = 0, rejected = 0, error_workbook: workbook } = outcome;
  const buttons = [];
  if (!isDone && created + changed > 0) {
    const partial = rejected > 0;
    const text = t(partial ? "import_good_rows" : "import_confirm", { count: created + changed });
    const look = partial ? "btn" : "btn btn-primary";
    const onclick = () => onConfirm({ partial });
    buttons.push(make("button", { type: "button", class: look, text, onclick }));
  }
  if (isDone && address) {
    buttons.push(make("a", { class: "btn btn-primary", href: address, text: t("back_to_table") }));
  }
  if (isDone && changes) {
    buttons.push(make("a", { class: "btn", href: changes, text: t("import_take_back") }));
  }
  if (workbook) {
    buttons.push(make("a", { class: "btn", href: workbook, text: t("error_workbook") }));
  }
  return make("div", { class: "btn-list my-3" }, buttons);
}

/**
 * The result as page elements.
 * @param {object} outcome the server's answer
 * @param {{fields: object[], isDone?: boolean, onConfirm?: function, address?: string, changes?: string}} options
 * @returns {HTMLElement}
 */
export function makeResult(outcome, options) {
  return make("div", { class: "import-result" }, [
    make("h2", { tabindex: "-1", text: titleOf(outcome, options.isDone) }),
    ...adviceOn(outcome, options.isDone).map((text) => make("p", { text })),
    makeTidied(outcome),
    makeButtons(outcome, options),
    makeOutcomeTabs(outcome, options.fields),
  ]);
}
