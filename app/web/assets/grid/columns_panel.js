/**
 * The panel in which columns are shown, hidden, moved and kept in view.
 */

import { fill, icon, make, onEscape } from "../common/dom.js";
import { t } from "../common/messages.js";
import { headingText } from "./columns.js";

/** The panel over one layout. */
export class ColumnsPanel {
  /** @param {{element: HTMLElement, layout: object, onChange: function(): void}} options */
  constructor({ element, layout, onChange }) {
    this.element = element;
    this.layout = layout;
    this.onChange = onChange;
    onEscape(element, () => this.close());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  open() {
    this.element.hidden = false;
    this.draw();
    this.element.querySelector("input")?.focus();
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  draw() {
    const { columns } = this.layout;
    const buttons = [
      this.#button("columns_show_all", () => this.#change(() => this.layout.showAll())),
      this.#button("columns_reset", () => this.#change(() => this.layout.reset())),
      this.#button("close", () => this.close()),
    ];
    fill(
      this.element,
      make("div", { class: "panel-head" }, [
        make("h2", { class: "panel-title", text: t("columns_title") }),
        make("span", { class: "text-secondary", text: t("columns_hint") }),
      ]),
      make("ol", { class: "column-list" }, columns.map((column) => this.#makeLine(column))),
      make("div", { class: "panel-buttons" }, buttons),
    );
  }

  #makeLine({ field, isHidden }) {
    const { code } = field;
    const box = make("input", {
      type: "checkbox",
      class: "form-check-input",
      checked: !isHidden,
      onchange: (event) => this.#change(() => this.layout.setHidden(code, !event.target.checked), code),
    });
    const isFrozen = this.layout.frozen === code;
    const freeze = () => this.#change(() => (this.layout.frozen = isFrozen ? null : code), code);
    return make("li", { class: isFrozen ? "column-line is-frozen" : "column-line", dataset: { code } }, [
      make("label", { class: "form-check" }, [box, ` ${headingText(field)}`]),
      this.#smallButton("columns_earlier", "arrow-up", () => this.#change(() => this.layout.move(code, -1), code)),
      this.#smallButton("columns_later", "arrow-down", () => this.#change(() => this.layout.move(code, 1), code)),
      this.#smallButton("columns_freeze", "pin", freeze, { "aria-pressed": String(isFrozen), disabled: isHidden }),
    ]);
  }

  #button(key, run) {
    return make("button", { type: "button", class: "btn", onclick: run, text: t(key) });
  }

  #smallButton(key, name, run, more = {}) {
    const label = { title: t(key), "aria-label": t(key), dataset: { does: key } };
    const attributes = { type: "button", class: "btn btn-icon btn-sm", onclick: run, ...label, ...more };
    return make("button", attributes, [icon(name)]);
  }

  // The focus stays on the button that was pressed, though the list is drawn anew.
  #change(run, code = null) {
    const does = document.activeElement?.dataset?.does;
    run();
    this.draw();
    const line = code && this.element.querySelector(`[data-code="${code}"]`);
    line?.querySelector(does ? `[data-does="${does}"]` : "input")?.focus();
    this.onChange();
  }
}
