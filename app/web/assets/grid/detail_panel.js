/**
 * The panel beside the grid: the chosen cell, and a list of sections about it.
 */

import { commentSection, countComments } from "../beside/comments.js";
import { historySection } from "../beside/history.js";
import { materialSection } from "../beside/materials.js";
import { Section } from "../beside/section.js";
import { fill, icon, make, onEscape } from "../common/dom.js";
import { t } from "../common/messages.js";
import { explanationSection, problemSection } from "./detail_sections.js";
import { makeLastYearSection } from "./last_year.js";
import { returnSection } from "./return_section.js";
import { tidiedText } from "./tidied.js";
import { formatValue, isSameValue } from "./values.js";

/** Whose row it is, where another department has contributed it. */
function makeContributedLine({ contributed }) {
  if (!contributed) return null;
  const { department, why_fixed: whyFixed } = contributed;
  const text = [t("row_contributed", { department }), whyFixed].filter(Boolean).join(" ");
  return make("p", { class: "detail-contributed" }, [icon("arrows-exchange"), make("span", { text })]);
}

/** Why a row is not changed here, where its teacher stands for it. */
function makeClosedLine({ closed }) {
  if (!closed) return null;
  return make("p", { class: "detail-contributed" }, [icon("lock"), make("span", { text: closed })]);
}

/** The sections in their order; those of single rows only where the table has an address for them. */
function sectionsOf(panel) {
  const { rowsUrl } = panel;
  const { returned } = panel.sheet;
  return [
    problemSection(panel),
    ...(returned ? [returnSection(returned)] : []),
    explanationSection(panel),
    ...(rowsUrl ? sectionsOfRow(rowsUrl, panel) : []),
  ];
}

function sectionsOfRow(rowsUrl, { onAttached }) {
  const openByField = (threads) => {
    const counts = {};
    for (const { field, resolved } of threads) {
      if (!resolved) counts[field ?? ""] = (counts[field ?? ""] ?? 0) + 1;
    }
    return counts;
  };
  return [
    materialSection(rowsUrl, (row, counts) => onAttached(row, "materials", counts)),
    commentSection(
      rowsUrl,
      (row, threads) => onAttached(row, "comments", openByField(threads)),
      countComments,
    ),
    historySection(rowsUrl),
  ];
}

/** On a small screen the columns need the room; the panel comes with its button or Shift+Enter. */
export function foldOnSmallScreens(element) {
  if (element) element.hidden = window.matchMedia("(width < 1200px)").matches;
}

/** Shows what is known about the active cell. */
export class DetailPanel {
  /**
   * @param {HTMLElement|null} element
   * @param {object} options
   * @param {object} options.sheet
   * @param {object} options.picker
   * @param {string} [options.rowsUrl] where what belongs to single rows is asked for, if anywhere
   * @param {function(object, boolean): void} options.onResolve called with a row and "keep mine"
   * @param {function(object, *): void} options.onFilter called with a field and the value of a cell
   * @param {function(): void} options.focusGrid
   * @param {{period: string, department: string}} options.scope
   * @param {boolean} [options.readsWhole] whether what is said of the table as a whole is read
   * @param {function(object, string, object): void} options.onAttached told what a row has by field
   */
  constructor(element, options) {
    this.element = element;
    Object.assign(this, options);
    this.hint = make("p", { class: "text-secondary", text: t("choose_cell") });
    this.heading = make("div", { class: "detail-heading" });
    this.sections = sectionsOf(this).map((record) => new Section(record));
    if (!element) return;
    element.tabIndex = -1;
    fill(element, this.hint, this.heading, ...this.sections.map((section) => section.element));
    onEscape(element, () => this.focusGrid());
    element.addEventListener("keydown", (event) => this.#onKey(event));
    this.clear();
  }

  clear() {
    this.#show(null);
  }

  /** Show one cell; a cell whose row is still on the way leaves the one before in its place. */
  show(row, field, position) {
    if (!this.element) return;
    if (row === undefined && field && position !== undefined) return;
    this.#show(row && field ? this.#aboutOf(row, field, position) : null);
  }

  #aboutOf(row, field, position) {
    const isEmptyRow = this.sheet.isPlaceholder(row);
    return {
      row,
      field,
      position,
      isEmptyRow,
      fields: this.sheet.allFields,
      value: isEmptyRow ? null : (row.values[field.code] ?? null),
      state: isEmptyRow ? null : row.cellState(field),
      mayRestore: (code, value) => this.#mayRestore(row, code, value),
      restore: (code, value) => this.#restore(row, code, value),
    };
  }

  #show(about) {
    this.about = about;
    if (!this.element || this.element.hidden) return;
    this.hint.hidden = about !== null;
    this.heading.hidden = about === null;
    if (about) this.#showHeading(about);
    // Without a cell the table as a whole is meant.
    const table = { row: null, field: null, fields: this.sheet.allFields, scope: this.readsWhole ? this.scope : null };
    for (const section of this.sections) section.show(about ?? table);
  }

  #showHeading({ row, field, position, isEmptyRow, value }) {
    const label = isEmptyRow ? null : this.picker.labelFor(row, field);
    const tidied = isEmptyRow ? null : tidiedText(row, field);
    const fed = isEmptyRow ? null : row.fedText(field);
    const place = isEmptyRow ? t("new_row") : t("row_number", { row: position + 1 });
    fill(
      this.heading,
      make("h2", { class: "detail-title", text: field.label }),
      make("div", { class: "detail-place", text: place }),
      label ? make("p", { class: "detail-value", text: formatValue(field, value, label) }) : null,
      tidied ? make("p", { class: "detail-tidied" }, [icon("info-circle"), make("span", { text: tidied })]) : null,
      isEmptyRow ? null : makeLastYearSection(this.sheet, row, field),
      isEmptyRow ? null : makeContributedLine(row),
      isEmptyRow ? null : makeClosedLine(row),
      fed ? make("p", { class: "detail-fed" }, [icon("refresh"), make("span", { text: fed })]) : null,
    );
  }

  #fieldOf(code) {
    return this.sheet.allFields.find((field) => field.code === code);
  }

  #mayRestore(row, code, value) {
    const field = this.#fieldOf(code);
    if (!field || !this.sheet.isEditable(row, field)) return false;
    return !isSameValue(field, row.values[code] ?? null, value);
  }

  #restore(row, code, value) {
    this.sheet.setCells([{ row, field: this.#fieldOf(code), value }]);
  }

  /** From the grid into the panel; from elsewhere the panel is shown or put away. */
  toggle() {
    if (!this.element) return;
    const isInGrid = document.activeElement?.closest("#grid");
    if (this.element.hidden || !isInGrid) this.element.hidden = !this.element.hidden;
    if (this.element.hidden) {
      if (this.element.contains(document.activeElement)) this.focusGrid();
      return;
    }
    this.#show(this.about);
    if (isInGrid) this.element.focus();
  }

  #onKey(event) {
    if (event.key !== "Enter" || !event.shiftKey || event.target.closest("textarea")) return;
    event.preventDefault();
    event.stopPropagation();
    this.element.hidden = true;
    this.focusGrid();
  }
}
