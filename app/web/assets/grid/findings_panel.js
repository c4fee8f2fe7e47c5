/**
 * The list of everything that the rules say of the table: grouped by rule, errors first, with what
 * waits, what was explained and what is waived. A click leads to the cell.
 */

import { keepFocus, makeFindingCard, makeRule, makeStanding } from "../beside/finding_card.js";
import { fill, icon, make, onEscape } from "../common/dom.js";
import { t } from "../common/messages.js";
import { makePaged } from "../import/findings.js";
import { isOpen } from "./found.js";

/** What may be listed, in the order of the buttons. */
export const choices = [
  { name: "open", holds: isOpen },
  { name: "errors", holds: (finding) => finding.severity === "error" && isOpen(finding) },
  { name: "warnings", holds: (finding) => finding.severity === "warning" && isOpen(finding) },
  { name: "all", holds: () => true },
];

/** Findings by rule: rules with open errors first, then open warnings, then the rest; then many. */
export function groupByRule(findings) {
  const groups = new Map();
  for (const finding of findings) {
    if (!groups.has(finding.rule)) groups.set(finding.rule, { rule: finding.rule, findings: [] });
    groups.get(finding.rule).findings.push(finding);
  }
  const weigh = (several) => {
    const open = several.filter(isOpen);
    if (open.some(({ severity }) => severity === "error")) return 0;
    return open.length > 0 ? 1 : 2;
  };
  return [...groups.values()]
    .map((group) => ({ ...group, weight: weigh(group.findings) }))
    .sort((left, right) => left.weight - right.weight || right.findings.length - left.findings.length);
}

/** The panel with the list. */
export class FindingsPanel {
  /**
   * @param {HTMLElement} element
   * @param {object} options
   * @param {object} options.place the place's findings
   * @param {object[]} options.fields
   * @param {function(): object} options.cardOptions what cards of the table as a whole are made with
   * @param {function(object): void} options.goTo
   * @param {function(): void} options.focusGrid
   * @param {function(): void} options.askAgain
   */
  constructor(element, options) {
    this.element = element;
    Object.assign(this, options);
    this.labels = new Map(this.fields.map(({ code, label }) => [code, label]));
    this.chosen = "open";
    this.opened = new Set();
    this.problem = "";
    element.tabIndex = -1;
    onEscape(element, () => this.close());
    element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** @param {string} [chosen] name of what is listed */
  open(chosen = this.chosen) {
    this.chosen = chosen;
    this.element.hidden = false;
    this.draw();
    (this.element.querySelector("summary") ?? this.element).focus();
  }

  close() {
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = true;
    fill(this.element);
    if (hadFocus) this.focusGrid();
  }

  /** Draw what is known now; where the reader stands stays. */
  draw() {
    if (!this.isOpen) return;
    const at = document.activeElement?.closest?.("[data-finding]")?.dataset.finding;
    keepFocus(() => this.#fill());
    if (at && !this.element.contains(document.activeElement)) {
      (this.element.querySelector(`[data-finding="${at}"]`) ?? this.element).focus();
    }
  }

  #fill() {
    const { all, isKnown, answer } = this.place;
    const { holds } = choices.find(({ name }) => name === this.chosen);
    const groups = groupByRule(all.filter(holds));
    const broken = answer?.broken ?? [];
    fill(
      this.element,
      make("div", { class: "panel-head" }, [
        make("h2", { class: "panel-title", text: t("findings_panel") }),
        this.#makeButton("x", t("close"), () => this.close()),
      ]),
      make("div", { class: "finding-choices", role: "group", "aria-label": t("findings_show") }, choices.map((choice) => this.#makeChoice(choice, all))),
      this.problem ? this.#makeProblem() : null,
      isKnown || this.problem ? null : make("p", { class: "text-secondary", text: t("section_loading") }),
      isKnown && groups.length === 0 ? make("p", { class: "text-secondary", text: t("findings_nothing") }) : null,
      ...groups.map((group, index) => this.#makeGroup(group, index === 0)),
      broken.length > 0 ? make("p", { class: "text-secondary", text: t("findings_broken", { list: broken.join(t("list_separator")) }) }) : null,
      make("p", { class: "text-secondary finding-note", text: t("findings_of_saved") }),
    );
  }

  #makeProblem() {
    return make("div", { class: "panel-reason", role: "alert" }, [
      make("span", { text: this.problem }),
      make("button", { type: "button", class: "btn btn-sm", text: t("try_again"), onclick: () => this.askAgain() }),
    ]);
  }

  #makeButton(name, label, onclick) {
    const button = make("button", { type: "button", class: "btn btn-icon btn-sm", title: label, "aria-label": label, onclick });
    button.append(icon(name));
    return button;
  }

  #makeChoice({ name, holds }, all) {
    const count = all.filter(holds).length;
    const onclick = () => {
      this.chosen = name;
      this.#fill();
      this.element.querySelector(`[data-choice="${name}"]`).focus();
    };
    return make("button", {
      type: "button",
      class: "btn btn-sm",
      "aria-pressed": String(name === this.chosen),
      dataset: { choice: name },
      text: t(`findings_${name}`, { count }),
      onclick,
    });
  }

  #makeGroup({ rule, findings, weight }, isFirst) {
    const body = make("div");
    const look = ["is-error", "is-warning", "is-settled"][weight];
    const details = make("details", { class: `finding-group ${look}`, dataset: { group: rule } }, [
      make("summary", {}, [
        icon(["alert-circle", "alert-triangle", "check"][weight]),
        make("span", { class: "finding-group-text", text: findings[0].message }),
        make("span", { class: "section-count", text: String(findings.length) }),
      ]),
      body,
    ]);
    // Thousands of lines are made only for whoever wants to see them, and so many at once.
    const show = () => {
      if (details.open) this.opened.add(rule);
      else this.opened.delete(rule);
      if (details.open && !body.firstChild) {
        body.append(
          makeRule(rule, this.cardOptions().rulePages),
          makePaged(findings, (some) => make("ul", { class: "finding-list" }, some.map((each) => this.#makeLine(each)))),
        );
      }
    };
    details.addEventListener("toggle", show);
    if (this.opened.has(rule) || (isFirst && this.opened.size === 0)) {
      details.open = true;
      show();
    }
    return details;
  }

  #makeLine(finding) {
    if (!finding.row_id) {
      const place = make("strong", { text: t("finding_whole_table") });
      return make("li", {}, [makeFindingCard(finding, { ...this.cardOptions(), place })]);
    }
    const where = [t("row_number", { row: finding.row }), this.labels.get(finding.field)].filter(Boolean);
    return make("li", {}, [
      make("button", { type: "button", class: "finding-line", dataset: { finding: finding.mark }, onclick: () => this.goTo(finding) }, [
        make("strong", { text: where.join(" · ") }),
        make("span", { text: finding.message }),
        finding.state === "open" ? null : makeStanding(finding),
      ]),
    ]);
  }

  // Arrow keys walk through what can be pressed, as in a list.
  #onKey(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.closest("textarea")) return;
    const stops = [...this.element.querySelectorAll("summary, .finding-line")].filter((stop) => stop.offsetParent);
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
