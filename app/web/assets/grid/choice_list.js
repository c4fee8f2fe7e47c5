/**
 * The list under a cell from which a value is chosen. It hangs on the page, not in the grid, so
 * that the grid's edges do not cut it off.
 */

import { fill, make } from "../common/dom.js";
import { t } from "../common/messages.js";

const searchDelay = 180;
let listCount = 0;

/** A searchable list tied to an input. */
export class ChoiceList {
  /**
   * @param {object} options
   * @param {HTMLElement} options.anchor the cell
   * @param {HTMLInputElement} options.input
   * @param {function(string): Promise<{choices: object[], isComplete: boolean}>} options.search
   * @param {function(object): void} options.onPick
   */
  constructor({ anchor, input, search, onPick }) {
    listCount += 1;
    this.anchor = anchor;
    this.input = input;
    this.search = search;
    this.onPick = onPick;
    this.panel = null;
    this.choices = [];
    this.highlighted = -1;
    this.turn = 0;
    this.id = `choices-${listCount}`;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.id);
  }

  get isOpen() {
    return this.panel !== null;
  }

  /** Show the choices that match the text; `present` is highlighted. */
  async open(text, present = null) {
    this.turn += 1;
    const turn = this.turn;
    this.typed = text;
    if (text !== "") await new Promise((resolve) => window.setTimeout(resolve, searchDelay));
    if (turn !== this.turn) return;
    const answer = await this.search(text).catch(() => ({ choices: [], isComplete: false }));
    if (turn !== this.turn || !this.input.isConnected) return;
    this.choices = answer.choices;
    const wanted = this.choices.findIndex(({ code }) => String(code) === String(present));
    this.highlighted = wanted >= 0 ? wanted : text === "" ? -1 : 0;
    this.#draw(answer.isComplete);
  }

  close() {
    this.turn += 1;
    this.panel?.remove();
    this.panel = null;
    this.choices = [];
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** The one choice that typing has led to, or null. */
  onlyChoice() {
    return this.isOpen && this.typed !== "" && this.choices.length === 1 ? this.choices[0] : null;
  }

  /** Keys for the open list; true when the key was used up. */
  handleKey(event) {
    if (!this.isOpen) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.#move(steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") {
      const choice = this.choices[this.highlighted];
      if (choice) this.onPick(choice);
      // The grid goes on to the next cell with the same key.
      return false;
    } else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #move(step) {
    const count = this.choices.length;
    if (count === 0) return;
    this.highlighted = (this.highlighted + step + count) % count;
    this.#showHighlight();
  }

  #draw(isComplete) {
    this.panel?.remove();
    const items = this.choices.map((choice, index) => this.#makeItem(choice, index));
    const empty = make("div", { class: "choice-note", text: t("no_match") });
    const more = make("div", { class: "choice-note", text: t("more_choices") });
    this.panel = make("div", { class: "choice-list", role: "listbox", id: this.id });
    fill(this.panel, ...items, items.length ? null : empty, isComplete || !items.length ? null : more);
    document.body.append(this.panel);
    this.#position();
    this.input.setAttribute("aria-expanded", "true");
    this.#showHighlight();
  }

  #makeItem(choice, index) {
    return make("div", {
      class: "choice",
      role: "option",
      id: `${this.id}-${index}`,
      text: choice.label,
      // Before the input loses the focus and the grid commits the half-typed text.
      onmousedown: (event) => {
        event.preventDefault();
        this.onPick(choice);
      },
    });
  }

  #position() {
    const cell = this.anchor.getBoundingClientRect();
    const height = this.panel.offsetHeight;
    const fitsBelow = cell.bottom + height + 4 < window.innerHeight || cell.top < height;
    this.panel.style.minWidth = `${cell.width}px`;
    this.panel.style.left = `${Math.min(cell.left, window.innerWidth - this.panel.offsetWidth - 8)}px`;
    this.panel.style.top = `${fitsBelow ? cell.bottom + 1 : cell.top - height - 1}px`;
  }

  #showHighlight() {
    [...this.panel.querySelectorAll(".choice")].forEach((item, index) => {
      const isHighlighted = index === this.highlighted;
      item.classList.toggle("is-highlighted", isHighlighted);
      item.setAttribute("aria-selected", String(isHighlighted));
      if (!isHighlighted) return;
      item.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", item.id);
    });
  }
}
