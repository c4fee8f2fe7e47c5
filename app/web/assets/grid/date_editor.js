/**
 * Cell editor for dates and months.
 */

import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { TextEditor } from "./text_editor.js";

/** A date or a month: typed in any usual form, or taken from the browser's calendar. */
export class DateEditor extends TextEditor {
  constructor(context) {
    super(context);
    this.calendar = make("input", {
      type: this.field.type === "date" ? "date" : "month",
      class: "cell-calendar",
      tabindex: "-1",
      "aria-hidden": "true",
      onchange: () => this.take(this.calendar.value),
    });
    this.button = make("button", {
      type: "button",
      class: "cell-button is-calendar",
      tabindex: "-1",
      title: t("open_calendar"),
      onclick: () => this.openList(),
    });
    context.container.append(this.calendar, this.button);
  }

  /** Show the calendar. */
  openList() {
    const present = String(this.currentValue() ?? "");
    this.calendar.value = /^\d{4}-\d{2}/.test(present) ? present : "";
    this.calendar.showPicker?.();
  }

  take(text) {
    this.beginTyping();
    this.input.value = text;
    this.input.focus();
  }

  destroy() {
    this.calendar.remove();
    this.button.remove();
    super.destroy();
  }
}
