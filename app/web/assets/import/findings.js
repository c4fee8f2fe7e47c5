/**
 * Findings of an import, grouped by what is wrong, each with its cell in Excel; 200 a page.
 */

import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";

export const pageSize = 200;

/**
 * Findings of one field and rule belong together. Errors come first, of them those about something
 * that was typed (what is missing may be filled in later), then the frequent ones.
 * @param {object[]} findings
 * @returns {{key: string, severity: string, label: string, message: string, findings: object[]}[]}
 */
export function groupFindings(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const key = [finding.severity, finding.field ?? "", finding.rule].join("|");
    const { severity, label, message } = finding;
    if (!groups.has(key)) groups.set(key, { key, severity, label: label ?? "", message, findings: [] });
    groups.get(key).findings.push(finding);
  }
  const weight = ({ severity, findings: several }) => [
    severity === "error" ? 0 : 1,
    several.some(({ value }) => (value ?? null) !== null) ? 0 : 1,
    -several.length,
  ];
  return [...groups.values()].sort((one, other) => {
    const [first, second] = [weight(one), weight(other)];
    return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
  });
}

/** The cell as Excel names it; of a whole row its number. */
export function addressOf({ row, column }) {
  if (row === null || row === undefined) return "";
  return column ? `${column}${row}` : t("row_number", { row });
}

/**
 * Rows of a table, so many at once, with buttons to the next ones.
 * @param {object[]} items
 * @param {function(object[]): HTMLElement} makePage
 * @returns {HTMLElement}
 */
export function makePaged(items, makePage) {
  const holder = make("div");
  const show = (start) => {
    const end = Math.min(start + pageSize, items.length);
    const turn = (text, target, isPossible) =>
      make("button", { type: "button", class: "btn btn-sm", text, disabled: !isPossible, onclick: () => show(target) });
    const turning = make("div", { class: "btn-list import-paging" }, [
      turn(t("page_before"), start - pageSize, start > 0),
      make("span", { text: t("page_range", { first: start + 1, last: end, count: items.length }) }),
      turn(t("page_after"), end, end < items.length),
    ]);
    holder.replaceChildren(makePage(items.slice(start, end)));
    if (items.length > pageSize) holder.append(turning);
  };
  show(0);
  return holder;
}

/** All groups as elements that open; the first one is open. */
export function makeGroups(findings) {
  return make("div", { class: "import-groups" }, groupFindings(findings).map(makeGroup));
}

function makeGroup({ severity, label, message, findings }, index) {
  const isError = severity === "error";
  const body = make("div");
  const details = make("details", { class: "import-group" }, [
    make("summary", { class: isError ? "is-rejected" : "is-warning" }, [
      icon(isError ? "alert-circle" : "alert-triangle"),
      make("strong", { text: ` ${label || t("whole_row")} ` }),
      make("span", { class: "badge", text: t("places", { count: findings.length }) }),
      ` ${message}`,
    ]),
    body,
  ]);
  // Thousands of lines are made only for whoever wants to see them.
  const open = () => {
    if (details.open && !body.firstChild) body.append(makePaged(findings, makeLines));
  };
  details.addEventListener("toggle", open);
  if (index === 0) {
    details.open = true;
    open();
  }
  return details;
}

function makeLines(findings) {
  const headings = ["finding_cell", "finding_value", "finding_message"];
  return make("div", { class: "table-responsive" }, [
    make("table", { class: "table table-sm import-table", "aria-label": t("findings_label") }, [
      make("thead", {}, [
        make("tr", {}, headings.map((key) => make("th", { scope: "col", text: t(key) }))),
      ]),
      make("tbody", {}, findings.map(makeLine)),
    ]),
  ]);
}

function makeLine(finding) {
  const { value, message } = finding;
  return make("tr", {}, [
    make("td", { text: addressOf(finding) }),
    make("td", { class: "import-value", text: String(value ?? "") }),
    make("td", { text: message }),
  ]);
}
