/**
 * The list below a text in which a condition is typed: arrows choose, Enter and Tab take, Escape
 * closes. Focus stays in the text, as the pattern of a combobox with a list has it.
 */

import { matching, taken, wordAt } from "./completion.js";

let count = 0;

export class ChoiceList {
  /**
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   * @param {() => Promise<object[]>} choices
   */
  constructor(field, choices, { isPlain = false } = {}) {
    this.field = field;
    this.choices = choices;
    this.isPlain = isPlain;
    this.shown = [];
    this.active = 0;
    this.list = document.createElement("ul");
    this.list.id = `rule-choices-${(count += 1)}`;
    this.list.className = "rule-choices";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    field.after(this.list);
    // A text of several lines is no combobox; what is chosen is told of it all the same.
    this.isCombobox = field.tagName === "INPUT";
    if (this.isCombobox) field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    this.tellOpen(false);
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.open());
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
    // Before the text loses its focus.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) this.take(Number(item.dataset.position));
    });
  }

  tellOpen(isOpen) {
    if (this.isCombobox) this.field.setAttribute("aria-expanded", String(isOpen));
  }

  get place() {
    const { value, selectionStart } = this.field;
    if (this.isPlain) return { start: 0, end: value.length, word: value };
    return wordAt(value, selectionStart);
  }

  async open() {
    const place = this.place;
    if (!place?.word) return this.close();
    const found = matching(await this.choices(), place.word);
    const isWritten = found.length === 1 && found[0].text === place.word;
    if (document.activeElement !== this.field || found.length === 0 || isWritten) return this.close();
    this.shown = found;
    this.choose(0);
    return undefined;
  }

  choose(position) {
    this.active = position;
    this.list.replaceChildren(...this.shown.map((choice, order) => this.item(choice, order)));
    this.list.hidden = false;
    this.list.style.insetBlockStart = `${this.field.offsetTop + this.field.offsetHeight}px`;
    this.tellOpen(true);
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${position}`);
    this.list.scrollIntoView({ block: "nearest" });
    this.list.children[position]?.scrollIntoView({ block: "nearest" });
  }

  item(choice, position) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${position}`;
    item.dataset.position = String(position);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(position === this.active));
    const label = document.createElement("span");
    label.textContent = choice.label;
    const hint = document.createElement("span");
    hint.className = "rule-choice-code";
    hint.textContent = choice.hint;
    item.append(label, hint);
    return item;
  }

  onKey(event) {
    if (this.list.hidden || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      const length = this.shown.length;
      this.choose((this.active + steps[event.key] + length) % length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.take(this.active);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  take(position) {
    const place = this.place;
    if (!place) return;
    const { text, caret } = taken(this.field.value, place, this.shown[position]);
    this.field.value = text;
    this.field.setSelectionRange(caret, caret);
    this.close();
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.tellOpen(false);
    this.field.removeAttribute("aria-activedescendant");
  }
}
