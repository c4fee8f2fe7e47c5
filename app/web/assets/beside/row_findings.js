/**
 * What the rules say of one row across rows, tables and years, under its form: the same findings as in
 * the grid, each with its field, and with the place for an explanation.
 */

import { make } from "../common/dom.js";
import { notify } from "../common/dialog.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { isOpen } from "../grid/found.js";
import { sendExplanation } from "./explaining.js";
import { makeFindingCard } from "./finding_card.js";

/** Open errors first, then open warnings, then what waits for nobody. */
export function inOrder(findings) {
  const rank = (finding) => (isOpen(finding) ? Number(finding.severity !== "error") : 2);
  return [...findings].sort((left, right) => rank(left) - rank(right));
}

function ofRow({ findings }, { row }) {
  return inOrder(findings.filter(({ row_id: id }) => id === row.id));
}

function placeOf(finding, fields) {
  const field = fields.find(({ code }) => code === finding.field);
  if (!field) return make("strong", { text: t("whole_row") });
  return make("a", { href: `#field-${field.code}`, text: field.label });
}

/**
 * The section.
 * @param {{findingsUrl: string, explanationsUrl: string}} addresses
 * @param {{period: string, department: string}} scope
 */
export function findingSection({ findingsUrl, explanationsUrl }, scope) {
  return {
    name: "findings",
    title: "section_findings",
    sourceOf: ({ row }) => row.id,
    keyOf: () => "",
    load: (about, signal) => requestJson(`${findingsUrl}?${new URLSearchParams(scope)}`, { signal }),
    count: (about, data) => (data ? ofRow(data, about).filter(isOpen).length : 0),
    make(about, data, section) {
      const found = ofRow(data, about);
      if (found.length === 0) {
        return make("p", { class: "text-secondary section-note", text: t("findings_none_of_row") });
      }
      const options = {
        whyNotExplain: data.why_not_explain,
        longest: data.longest_explanation,
        rulePages: data.rule_pages,
        alike: ({ rule }) =>
          data.findings.filter((each) => each.rule === rule && each.severity === "warning" && isOpen(each)),
        async explain(findings, text) {
          const reason = await sendExplanation(explanationsUrl, scope, findings, text, data.most_at_once);
          if (reason === null) {
            notify(t("finding_sent", { count: findings.length }));
            section.refresh();
          }
          return reason;
        },
      };
      return make("div", {}, found.map((finding) => makeFindingCard(finding, { ...options, place: placeOf(finding, about.fields) })));
    },
  };
}
