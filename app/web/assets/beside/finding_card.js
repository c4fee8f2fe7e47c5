/**
 * One finding as it stands beside a cell, under a row's form or in the list: what is wrong, how it
 * stands, what was explained and ruled, and for whoever may a field to explain it. What was begun and
 * not sent stays while the reader looks at something else, and when sending fails.
 */

import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { isExplainable, isOpen } from "../grid/found.js";
import { momentText } from "./history.js";
import { watchLength } from "./text_length.js";

// What was typed by finding, and whether it is meant for all of the rule.
const drafts = new Map();

// A sign and a word for each state, so that colour never stands alone.
const looks = {
  open: ["alert-circle", "finding_open"],
  rejected: ["x", "finding_rejected"],
  explained: ["message-circle", "finding_explained"],
  adopted: ["check", "finding_adopted"],
  waived: ["lock", "finding_waived"],
  waiting: ["clock", "finding_waiting"],
};

/** Whether an explanation was begun and not sent. */
export function hasUnsent() {
  return [...drafts.values()].some(({ text }) => text.trim() !== "");
}

/** The rule by its identifier, leading to its page where it has one. */
export function makeRule(rule, pages) {
  const text = t("finding_rule", { rule });
  if (!pages.includes(rule)) return make("small", { class: "finding-rule", dataset: { rule }, text });
  const href = `/rules/${encodeURIComponent(rule)}`;
  return make("small", { class: "finding-rule", dataset: { rule } }, [make("a", { href, target: "_blank", rel: "noopener", text })]);
}

/** How a finding stands: a sign with its word. */
export function makeStanding({ state }) {
  const [name, key] = looks[state] ?? looks.open;
  return make("span", { class: `finding-state is-${state}` }, [icon(name), t(key)]);
}

function makeExplanation({ explanation, state }) {
  if (!explanation) return null;
  const { text, by, at, ruled_by: ruledBy, ruled_at: ruledAt, ruling_reason: reason } = explanation;
  const ruling = ruledBy
    ? t(reason ? "finding_ruled_because" : "finding_ruled", {
        ruling: explanation.ruling_label,
        person: ruledBy,
        time: momentText(ruledAt),
        reason,
      })
    : state === "explained" ? t("finding_not_ruled") : null;
  return make("div", { class: "finding-explanation" }, [
    make("p", { class: "finding-text", text }),
    make("small", { text: t("finding_explained_by", { person: by, time: momentText(at) }) }),
    ruling ? make("small", { class: `finding-ruling is-${explanation.ruling}`, text: ruling }) : null,
  ]);
}

function makeWriting(finding, options) {
  const { whyNotExplain, longest, alike, explain } = options;
  if (!isExplainable(finding)) return null;
  if (whyNotExplain) {
    return isOpen(finding) ? make("small", { class: "text-secondary", text: whyNotExplain }) : null;
  }
  const draft = drafts.get(finding.mark);
  const several = alike(finding);
  const label = t(finding.explanation ? "finding_explain_anew" : "finding_explain");
  const text = make("textarea", { class: "form-control", rows: 3, "aria-label": label, placeholder: t("finding_explain_hint"), dataset: { mark: finding.mark } });
  text.value = draft?.text ?? finding.explanation?.text ?? "";
  const all = make("input", { type: "checkbox", class: "form-check-input", checked: draft?.isForAll ?? false });
  const note = make("small", { class: "text-danger", role: "alert", text: draft?.problem ?? "" });
  const send = make("button", { type: "submit", class: "btn btn-sm btn-primary", text: t("finding_send") });
  const keep = (problem = "") => drafts.set(finding.mark, { text: text.value, isForAll: all.checked, problem });
  watchLength(text, note, longest);
  text.addEventListener("input", () => keep(note.textContent));
  all.addEventListener("change", () => keep());
  const submit = async (event) => {
    event.preventDefault();
    if (!text.value.trim()) {
      text.focus();
      return;
    }
    send.disabled = true;
    const problem = await explain(all.checked ? several : [finding], text.value);
    send.disabled = false;
    if (problem === null) drafts.delete(finding.mark);
    else keep(problem);
    note.textContent = problem ?? "";
  };
  const choice = several.length > 1 && isOpen(finding)
    ? make("label", { class: "form-check" }, [all, make("span", { class: "form-check-label", text: t("finding_for_all", { count: several.length }) })])
    : null;
  const form = make("form", { class: "finding-form", onsubmit: submit }, [text, choice, note, send]);
  if (isOpen(finding)) return form;
  return make("details", { class: "finding-change", open: Boolean(draft) }, [make("summary", { text: label }), form]);
}

/**
 * The finding as an element.
 * @param {object} finding
 * @param {object} options
 * @param {string|null} options.whyNotExplain
 * @param {number} options.longest characters of an explanation
 * @param {string[]} options.rulePages rules that have a page
 * @param {function(object): object[]} options.alike open warnings of the same rule, itself included
 * @param {function(object[], string): Promise<string|null>} options.explain answers why not, if not
 * @param {Node|null} [options.place] what it is about, where that does not show by itself
 */
export function makeFindingCard(finding, options) {
  const { severity, message, rule, state } = finding;
  const look = isOpen(finding) ? `is-${severity}` : "is-settled";
  const waits = finding.waits_for?.length > 0 && state === "waiting"
    ? make("small", { text: t("finding_waits_for", { list: finding.waits_for.join(t("list_separator")) }) })
    : null;
  const waived = finding.waived_because
    ? make("small", { text: t("finding_waived_because", { reason: finding.waived_because }) })
    : null;
  return make("div", { class: `cell-message finding ${look}`, dataset: { mark: finding.mark, rule, state } }, [
    icon(severity === "error" ? "alert-circle" : "alert-triangle"),
    make("div", { class: "finding-body" }, [
      options.place ?? null,
      make("div", { class: "finding-message", text: message }),
      make("div", { class: "finding-about" }, [
        state === "open" ? null : makeStanding(finding),
        makeRule(rule, options.rulePages),
      ]),
      waits,
      waived,
      makeExplanation(finding),
      makeWriting(finding, options),
    ]),
  ]);
}

/** Put the caret back where somebody was writing when cards were made anew around him. */
export function keepFocus(redraw) {
  const { activeElement: active } = document;
  const mark = active?.closest?.(".finding-form") ? active.dataset.mark : null;
  const [start, end] = mark ? [active.selectionStart, active.selectionEnd] : [0, 0];
  redraw();
  if (!mark || active.isConnected) return;
  const anew = document.querySelector(`textarea[data-mark="${mark}"]`);
  anew?.focus();
  anew?.setSelectionRange(start, end);
}
