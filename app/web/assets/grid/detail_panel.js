/**
 * The panel beside the grid: what the field means, and what is wrong with the cell.
 */

import { fill, icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { changedText, makeConflictLines } from "./conflict.js";
import { makeLastYearSection } from "./last_year.js";
import { choicesOf, formatValue, isEmpty } from "./values.js";

const shownChoices = 40;

function makeFact(name, text) {
  if (isEmpty(text)) return null;
  return make("div", { class: "fact" }, [
    make("dt", { text: name }),
    make("dd", { text: String(text) }),
  ]);
}

function describeRange({ minimum, maximum }) {
  if (isEmpty(minimum) && isEmpty(maximum)) return null;
  if (isEmpty(maximum)) return t("at_least", { minimum });
  if (isEmpty(minimum)) return t("at_most", { maximum });
  return t("from_to", { minimum, maximum });
}

function makeFacts(field) {
  return make("dl", { class: "facts" }, [
    makeFact(t("fact_type"), t(`type_${field.type}`)),
    makeFact(t("fact_required"), t(field.required ? "yes" : "no")),
    makeFact(t("fact_key"), field.key ? t("key_explanation") : null),
    makeFact(t("fact_unit"), field.unit),
    makeFact(t("fact_length"), field.max_length && t("characters", { count: field.max_length })),
    makeFact(t("fact_range"), describeRange(field)),
    makeFact(t("fact_decimals"), field.scale),
    makeFact(t("fact_period"), field.period === "calendar_year" ? t("period_calendar_year") : null),
  ]);
}

function makeChoices(field) {
  const choices = field.codes ?? [];
  if (choices.length === 0) return null;
  const items = choices
    .slice(0, shownChoices)
    .map(({ code, label }) => make("li", {}, [make("code", { text: code }), ` ${label}`]));
  const rest = choices.length - items.length;
  if (rest > 0) items.push(make("li", { class: "text-secondary", text: t("and_more", { count: rest }) }));
  return make("details", { class: "choices", open: choices.length <= 8 }, [
    make("summary", { text: t("allowed_values", { count: choices.length }) }),
    make("ul", {}, items),
  ]);
}

function makeMessage({ severity, message, isUnsaved }) {
  const names = { error: "alert-circle", warning: "alert-triangle" };
  if (severity === "unsaved") {
    return make("div", { class: "cell-message is-unsaved" }, [
      icon("clock"),
      make("span", { text: t("cell_unsaved") }),
    ]);
  }
  const note = isUnsaved ? make("small", { text: t("cell_kept_unsaved") }) : null;
  return make("div", { class: `cell-message is-${severity}` }, [
    icon(names[severity] ?? "info-circle"),
    make("span", {}, [message, note]),
  ]);
}

function makeConflict(row, fields, picker, onResolve) {
  const decide = (keepMine, key, style) =>
    make("button", {
      type: "button",
      class: `btn btn-sm ${style}`,
      text: t(key),
      onclick: () => onResolve(row, keepMine),
    });
  return make("div", { class: "cell-message is-conflict" }, [
    icon("users"),
    make("div", {}, [
      make("strong", { text: changedText(row.conflict.changed) }),
      make("ul", {}, makeConflictLines(row, fields, picker)),
      decide(true, "use_mine", "btn-primary"),
      " ",
      decide(false, "use_theirs", ""),
    ]),
  ]);
}

/** Shows guidance and messages for the active cell. */
export class DetailPanel {
  /**
   * @param {HTMLElement|null} element
   * @param {object} sheet
   * @param {object} picker
   * @param {function(object, boolean): void} onResolve called with a row and "keep mine"
   * @param {function(object, *): void} onFilter called with a field and the value of a cell
   */
  constructor(element, sheet, picker, onResolve, onFilter) {
    this.element = element;
    this.sheet = sheet;
    this.picker = picker;
    this.onResolve = onResolve;
    this.onFilter = onFilter;
    this.clear();
  }

  clear() {
    if (!this.element) return;
    fill(this.element, make("p", { class: "text-secondary", text: t("choose_cell") }));
  }

  /** Show one cell. */
  show(row, field, position) {
    if (!this.element) return;
    if (!row || !field) {
      this.clear();
      return;
    }
    const isEmptyRow = this.sheet.isPlaceholder(row);
    const state = isEmptyRow ? null : row.cellState(field);
    const label = isEmptyRow ? null : this.picker.labelFor(row, field);
    const fed = isEmptyRow ? null : row.fedText(field);
    const place = isEmptyRow ? t("new_row") : t("row_number", { row: position + 1 });
    fill(
      this.element,
      make("h2", { class: "detail-title", text: field.label }),
      make("div", { class: "detail-place", text: place }),
      label ? make("p", { class: "detail-value", text: formatValue(field, row.values[field.code], label) }) : null,
      row.conflict ? makeConflict(row, this.sheet.allFields, this.picker, this.onResolve) : null,
      state && !state.conflict ? makeMessage(state) : null,
      makeLastYearSection(this.sheet, row, field),
      fed ? make("p", { class: "detail-fed" }, [icon("refresh"), make("span", { text: fed })]) : null,
      field.guidance ? make("p", { class: "detail-guidance", text: field.guidance }) : null,
      isEmptyRow ? null : this.#makeFilterButton(field, row.values[field.code]),
      makeFacts(field),
      makeChoices(field),
      choicesOf(field).length === 0 && field.type === "reference"
        ? make("p", { class: "text-secondary", text: t("reference_explanation") })
        : null,
    );
  }

  #makeFilterButton(field, value) {
    if (!field.operators?.includes(isEmpty(value) ? "empty" : "=")) return null;
    const run = () => this.onFilter(field, value);
    const attributes = { type: "button", class: "btn btn-sm detail-filter", onclick: run };
    return make("button", attributes, [icon("filter"), t("filter_like_this")]);
  }

  toggle() {
    if (!this.element) return;
    this.element.hidden = !this.element.hidden;
  }
}
