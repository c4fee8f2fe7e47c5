/**
 * Deciding cell by cell where somebody else was faster: what stood there before, what is mine, what
 * is theirs. A row waits until every one of its cells is decided.
 */

import { openDialog } from "../common/dialog.js";
import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { changedText } from "./conflict.js";
import { nameOf } from "./paste_preview.js";
import { formatValue } from "./values.js";

/** Rows that somebody else has changed meanwhile, in the order of the table. */
export function conflictRows({ queue, store }) {
  const rows = [...queue.rows].filter(({ conflict }) => conflict);
  return rows.sort((left, right) => store.positionOf(left) - store.positionOf(right));
}

/** Open the dialog. */
export function openConflicts(app) {
  const choices = conflictRows(app).map((row) => new RowChoice(app, row));
  if (choices.length === 0) return;
  const all = (side, key) =>
    make("button", {
      type: "button",
      class: "btn btn-sm",
      text: t(key),
      onclick: () => choices.forEach((choice) => choice.chooseAll(side)),
    });
  const save = make("button", {
    type: "submit",
    class: "btn btn-primary",
    text: t("conflict_save"),
    onclick: () => choices.forEach((choice) => choice.decide()),
  });
  const cancel = make("button", { type: "submit", class: "btn", text: t("cancel"), value: "no" });
  const content = [
    make("p", { text: t("conflict_hint") }),
    make("p", {}, [all("mine", "conflict_all_mine"), " ", all("theirs", "conflict_all_theirs")]),
    ...choices.map(({ element }) => element),
  ];
  const dialog = openDialog(t("conflict_title"), content, [cancel, save]);
  dialog.classList.add("bulk-edit");
  // The button that opened it goes with the conflicts; without the focus no key would reach the grid.
  dialog.addEventListener("close", () => app.view.enterAgain());
}

class RowChoice {
  constructor(app, row) {
    this.app = app;
    this.row = row;
    this.chosen = new Map();
    this.fields = app.sheet.allFields.filter(({ code }) => code in row.conflict.fields);
    const position = app.store.positionOf(row);
    const place = position < 0 ? t("row_not_loaded") : t("row_number", { row: position + 1 });
    const head = ["", "conflict_base", "conflict_mine", "conflict_theirs"].map((key) =>
      make("th", { scope: "col", text: key && t(key) }),
    );
    this.lines = this.fields.map((field) => this.#makeLine(field));
    this.element = make("section", {}, [
      make("h3", { class: "detail-title", text: `${place} ${nameOf(app.sheet, row)}` }),
      make("p", { class: "text-secondary", text: changedText(row.conflict.changed) }),
      make("table", { class: "table table-sm conflict-table" }, [
        make("thead", {}, [make("tr", {}, head)]),
        make("tbody", {}, this.lines.map(({ element }) => element)),
      ]),
    ]);
  }

  #makeLine(field) {
    const { row, app } = this;
    const sides = { base: row.base?.[field.code], ...row.conflict.fields[field.code] };
    const shown = (value) => formatValue(field, value, app.picker.labelOf(field, value)) || t("nothing");
    const makeSide = (side) => {
      const input = make("input", {
        type: "radio",
        class: "form-check-input",
        name: `${row.id} ${field.code}`,
        onchange: () => this.#choose(field, side),
      });
      const label = make("label", { class: "form-check" }, [
        input,
        make("span", { class: "form-check-label", text: shown(sides[side]) }),
      ]);
      return { input, cell: make("td", {}, [label]) };
    };
    const mine = makeSide("mine");
    const theirs = makeSide("theirs");
    const element = make("tr", {}, [
      make("th", { scope: "row", text: field.label }),
      make("td", { text: shown(sides.base) }),
      mine.cell,
      theirs.cell,
    ]);
    return { field, element, mine, theirs };
  }

  #choose(field, side) {
    this.chosen.set(field.code, side);
    const line = this.lines.find((each) => each.field === field);
    line[side].input.checked = true;
    for (const each of ["mine", "theirs"]) line[each].cell.classList.toggle("is-chosen", each === side);
  }

  chooseAll(side) {
    for (const field of this.fields) this.#choose(field, side);
  }

  /** Carry out what is chosen, once it is chosen for every cell. */
  decide() {
    if (!this.row.conflict || this.chosen.size < this.fields.length) return;
    const isMine = Object.fromEntries([...this.chosen].map(([code, side]) => [code, side === "mine"]));
    this.app.resolve(this.row, isMine);
  }
}
