/**
 * Cell editors that offer a list: codes, yes and no, rows of other tables.
 */

import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { ChoiceList } from "./choice_list.js";
import { TextEditor } from "./text_editor.js";
import { choicesOf, narrow, parseText } from "./values.js";

// The lower, the more likely what was typed means a choice; null when it cannot.
function distanceOf({ code, label, search = "" }, wanted) {
  const [name, key] = [label.toLowerCase(), String(code).toLowerCase()];
  if (name === wanted || key === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted) || key.includes(wanted)) return 2;
  return search.includes(wanted) ? 3 : null;
}

/** The choices of a field that a typed text may mean, by code, label or pinyin; the likeliest first. */
export function choicesLike(field, text) {
  const wanted = narrow(text).trim().toLowerCase();
  return choicesOf(field)
    .map((choice) => ({ choice, distance: distanceOf(choice, wanted) }))
    .filter(({ distance }) => distance !== null)
    .sort((left, right) => (wanted === "" ? 0 : left.distance - right.distance))
    .map(({ choice }) => choice);
}

/** A value from a list: type part of the label, or open the list with Alt+Down. */
export class ChoiceEditor extends TextEditor {
  constructor(context) {
    super(context);
    this.list = new ChoiceList({
      anchor: context.container,
      input: this.input,
      search: (text) => this.search(text),
      onPick: (choice) => this.pick(choice),
    });
    this.button = make("button", {
      type: "button",
      class: "cell-button is-choice",
      tabindex: "-1",
      title: t("open_list"),
      onclick: () => this.openList(),
    });
    context.container.append(this.button);
  }

  async search(text) {
    return { choices: choicesLike(this.field, text), isComplete: true };
  }

  onInput() {
    super.onInput();
    this.picked = null;
    this.list.open(this.input.value);
  }

  /** Show all choices. */
  openList() {
    this.isEditing = true;
    this.input.focus();
    this.list.open("", this.row.values?.[this.field.code]);
  }

  pick(choice) {
    this.beginTyping();
    this.picked = choice;
    this.input.value = choice.label;
    this.list.close();
    this.input.focus();
  }

  onKeyDown(event) {
    if (!event.isComposing && this.list.handleKey(event)) return;
    if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      event.stopPropagation();
      this.openList();
      return;
    }
    super.onKeyDown(event);
  }

  currentValue() {
    if (this.picked) return this.picked.code;
    // Leaving with an open list takes what is highlighted after typing, as spreadsheets do.
    // Whoever types faster than the list opens gets the same.
    const only = this.list.onlyChoice() ?? this.onlyLike();
    return only ? only.code : parseText(this.field, this.input.value);
  }

  onlyLike() {
    const typed = this.isEditing && this.input.value !== this.original ? this.input.value : "";
    const like = typed.trim() === "" ? [] : choicesLike(this.field, typed);
    return like.length === 1 ? like[0] : null;
  }

  cancelEditing() {
    this.list.close();
    this.picked = null;
    super.cancelEditing();
  }

  destroy() {
    this.list.close();
    this.button.remove();
    super.destroy();
  }
}

/** A row of another table: twenty at a time from the server, key and label. */
export function makeReferenceEditor(picker) {
  return class ReferenceEditor extends ChoiceEditor {
    async search(text) {
      const items = await picker.find(this.field, text);
      const choices = items.map(({ key, label }) => ({
        code: key,
        label: label && label !== key ? `${key} ${label}` : key,
        name: label,
      }));
      return { choices, isComplete: items.length < picker.limit };
    }

    labelFor(row) {
      return picker.labelFor(row, this.field);
    }

    // What is changed is the key; the label beside it follows.
    startEditing(options) {
      const key = this.row.values?.[this.field.code];
      if (!this.isEditing && typeof key === "string") {
        this.original = key;
        this.input.value = key;
      }
      super.startEditing(options);
    }

    currentValue() {
      const value = super.currentValue();
      // An untouched "key label" text must not become the value.
      return picker.keyOf(this.field, value) ?? value;
    }
  };
}
