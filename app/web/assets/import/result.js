/**
 * What an import would do or has done: figures, findings with their place in the file, sample rows.
 */

import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { formatValue } from "../grid/values.js";

const shownFindings = 200;

const outcomes = [
  ["created", "plus", "is-created"],
  ["changed", "pencil", "is-changed"],
  ["unchanged", "equal", "is-unchanged"],
  ["rejected", "alert-circle", "is-rejected"],
];

function makeFigures(outcome) {
  return make(
    "div",
    { class: "import-figures" },
    outcomes.map(([name, symbol, look]) =>
      make("div", { class: `import-figure ${look}` }, [
        make("div", { class: "import-figure-name" }, [icon(symbol), t(`import_${name}`)]),
        make("div", { class: "import-figure-number", text: String(outcome[name] ?? 0) }),
      ]),
    ),
  );
}

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

function makeFinding({ row, column, label, field, severity, message, value }) {
  const isError = severity === "error";
  return make("tr", {}, [
    make("td", { class: "number", text: row === null ? "" : String(row) }),
    make("td", { text: column ?? "" }),
    make("td", { text: label ?? field ?? "" }),
    make("td", { class: "import-value", text: value === null ? "" : String(value ?? "") }),
    make("td", { class: isError ? "is-rejected" : "is-warning" }, [
      icon(isError ? "alert-circle" : "alert-triangle"),
      ` ${message}`,
    ]),
  ]);
}

function makeFindings(findings) {
  if (findings.length === 0) return null;
  const headings = ["finding_row", "finding_column", "finding_field", "finding_value", "finding_message"];
  const shown = findings.slice(0, shownFindings);
  const rest = findings.length - shown.length;
  return make("section", {}, [
    make("h3", { text: t("findings_title", { count: findings.length }) }),
    makeTable(headings.map((key) => t(key)), shown.map(makeFinding), t("findings_label")),
    rest > 0 ? make("p", { class: "text-secondary", text: t("and_more", { count: rest }) }) : null,
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

function makePreview(rows, fields) {
  if (rows.length === 0) return null;
  const present = new Set(rows.flatMap(({ values }) => Object.keys(values ?? {})));
  const known = fields.filter(({ code }) => present.has(code));
  const headings = [t("finding_row"), t("import_outcome"), ...known.map(({ label }) => label)];
  const lines = rows.map((row) =>
    make("tr", {}, [
      make("td", { class: "number", text: String(row.row ?? "") }),
      make("td", { class: `is-${row.outcome}`, text: t(`import_${row.outcome}`) }),
      ...known.map((field) => makeCell(field, row)),
    ]),
  );
  return make("details", { class: "import-preview", open: true }, [
    make("summary", { text: t("preview_title", { count: rows.length }) }),
    makeTable(headings, lines, t("preview_label")),
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
  const { findings = [], rows_preview: preview = [], rejected = 0 } = outcome;
  return make("div", { class: "import-result" }, [
    make("h2", { tabindex: "-1", text: titleOf(outcome, options.isDone) }),
    makeFigures(outcome),
    ...adviceOn(outcome, options.isDone).map((text) => make("p", { text })),
    makeButtons(outcome, options),
    makeFindings(findings),
    makePreview(preview, options.fields),
  ]);
}
