/**
 * The form of a quality rule: names are completed, faults shown at their place while one types,
 * and the grids of the examples follow the condition. Without it everything is told once the form
 * is sent. Load it with `defer` after the shell.
 */

import { requestJson } from "./common/http.js";
import { ChoiceList } from "./rule/choice_list.js";
import { choicesOf } from "./rule/completion.js";
import { messagesOf, pointed } from "./rule/pointing.js";

const pause = 350;

class RuleForm {
  constructor(form) {
    this.form = form;
    this.words = new Map();
    this.asked = 0;
    for (const field of form.querySelectorAll("[data-complete]")) this.complete(field);
    form.addEventListener("input", () => this.checkSoon());
    form.addEventListener("change", () => this.checkSoon());
    const trial = document.querySelector("[data-trial]");
    if (trial) trial.focus();
    if (form.elements.condition.value.trim()) this.check();
    if (window.matchMedia("(max-width: 991.98px)").matches) {
      form.querySelector("[data-rule-help]").open = false;
    }
  }

  complete(field) {
    const isOwn = field.dataset.complete === "own";
    const isPlain = "plain" in field.dataset;
    const term = field.closest("[data-term]");
    const choices = async () => {
      const table = isOwn ? this.form.dataset.table : term.querySelector("[data-term-table]").value;
      if (!table) return [];
      const figures = isOwn ? this.figures : [];
      return choicesOf(await this.wordsOf(table), figures, { isPlain });
    };
    new ChoiceList(field, choices, { isPlain });
  }

  get figures() {
    return [...this.form.querySelectorAll("[data-term-label]")].map((field) => field.value.trim());
  }

  wordsOf(table) {
    if (!this.words.has(table)) {
      const address = this.form.dataset.words.replace(/-$/u, encodeURIComponent(table));
      this.words.set(table, requestJson(address));
    }
    return this.words.get(table).catch(() => {
      this.words.delete(table);
      return { fields: [], functions: [] };
    });
  }

  checkSoon() {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.check(), pause);
  }

  async check() {
    this.asked += 1;
    const number = this.asked;
    const form = new FormData(this.form);
    const typed = this.form.elements.condition.value;
    try {
      const told = await requestJson(this.form.dataset.check, { method: "POST", form });
      // An answer to what was typed before says nothing about what stands there now.
      if (number === this.asked) this.show(told, typed);
    } catch {
      // What is wrong is told at the latest when the form is sent.
    }
  }

  show({ faults, words, cases }, typed) {
    this.form.dataset.checked = String(this.asked);
    for (const place of this.form.querySelectorAll("[data-fault-at]")) {
      const [fault] = faults.filter((each) => each.place === place.dataset.faultAt);
      // Nobody is told of a part that was not begun.
      const isBegun = fault && (fault.end > 0 || place.closest("div, fieldset, section")?.querySelector("input, textarea")?.value);
      place.hidden = !isBegun;
      place.textContent = isBegun ? fault.message : "";
    }
    this.point(faults.filter((each) => each.place === "condition"), typed);
    const told = this.form.querySelector("[data-rule-words]");
    told.hidden = !words;
    told.querySelector("[data-text]").textContent = words;
    this.showCases(cases);
  }

  point(faults, typed) {
    const view = this.form.querySelector("[data-fault-view]");
    const field = this.form.elements.condition;
    const isBegun = typed.trim() !== "";
    field.classList.toggle("is-invalid", isBegun && faults.length > 0);
    field.setAttribute("aria-invalid", String(isBegun && faults.length > 0));
    const told = view.querySelector("[data-fault-at]");
    view.replaceChildren(told);
    told.hidden = !isBegun || faults.length === 0;
    const [first, ...others] = messagesOf(faults);
    told.textContent = told.hidden ? "" : first;
    if (told.hidden) return;
    view.prepend(pointed(typed, faults));
    for (const message of others) {
      const line = document.createElement("p");
      line.className = "invalid-feedback d-block mb-0";
      line.textContent = message;
      view.append(line);
    }
  }

  /** New columns where the condition names other fields; never under somebody's hands. */
  showCases(cases) {
    const holder = this.form.querySelector("[data-cases]");
    if (holder.contains(document.activeElement)) return;
    const fresh = new DOMParser().parseFromString(cases, "text/html").body;
    const names = (element) => [...element.querySelectorAll("input")].map((input) => input.name).join();
    if (names(fresh) !== names(holder)) holder.replaceChildren(...fresh.childNodes);
  }
}

for (const form of document.querySelectorAll("form[data-quality-rule]")) new RuleForm(form);
