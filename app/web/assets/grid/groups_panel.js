/**
 * The panel that puts the rows that are shown together by one or two columns: how many there are
 * of each, and one more column added up by the server.
 */

import { fill, icon, make, makeSelect, onEscape } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { filledShare } from "./totals.js";
import { formatValue, isEmpty } from "./values.js";

const measures = ["count", "sum", "average", "filled", "distinct"];
const numberTypes = new Set(["integer", "number", "float"]);
const fewValued = new Set(["code", "boolean", "reference"]);
const addingMeasures = new Set(["sum", "average"]);
// The server gives the beginning of a longer text, which no row is equal to.
const longestKey = 200;

/** Fields by which rows can be put together: their values have an order, and are not masked. */
export function groupableFields(fields) {
  return fields.filter(({ sortable, masked }) => sortable && !masked);
}

/**
 * The field to begin with: one with few values, else any but the key, of which every row is a group.
 */
export function firstGrouped(fields) {
  const groupable = groupableFields(fields);
  const others = groupable.filter(({ key, fixed }) => !key && !fixed);
  return others.find(({ type }) => fewValued.has(type)) ?? others[0] ?? groupable[0];
}

/** Fields that a measure can be taken of. */
export function measuredFields(fields, measure) {
  const groupable = groupableFields(fields);
  if (!addingMeasures.has(measure)) return groupable;
  return groupable.filter(({ type }) => numberTypes.has(type));
}

/** Text of a group's value: filled cells as a share, everything else as it is told. */
export function valueText(measure, { value, rows }) {
  if (measure === "filled") return filledShare(value, rows);
  return isEmpty(value) ? "" : String(value);
}

/** The panel over one table's fields. */
export class GroupsPanel {
  /**
   * @param {object} options
   * @param {HTMLElement} options.element
   * @param {object[]} options.fields
   * @param {object} options.picker knows what references are called
   * @param {function(object): string} options.address of the groups that are asked for
   * @param {function(Array<[object, *]>): void} options.onChoose shows the rows of one group
   */
  constructor({ element, fields, picker, address, onChoose }) {
    this.element = element;
    this.fields = fields;
    this.byCode = new Map(fields.map((field) => [field.code, field]));
    this.picker = picker;
    this.address = address;
    this.onChoose = onChoose;
    this.wanted = { by: [firstGrouped(fields)?.code ?? "", ""], measure: "count", of: "" };
    this.result = null;
    this.reason = "";
    this.asked = 0;
    onEscape(element, () => this.close());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  open() {
    this.element.hidden = false;
    this.draw();
    this.element.querySelector("select")?.focus();
    this.refresh();
  }

  close() {
    this.asked += 1;
    this.result = null;
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** Ask again, for the rows that are shown now. */
  async refresh() {
    if (!this.isOpen || !this.wanted.by[0]) return;
    this.asked += 1;
    const { asked } = this;
    const { measure, of } = this.wanted;
    const by = this.wanted.by.filter(Boolean);
    this.element.setAttribute("aria-busy", "true");
    try {
      const isCounting = measure === "count";
      const parameters = { by: by.join(","), measure, of: isCounting ? "" : of };
      const found = await requestJson(this.address(parameters));
      if (asked !== this.asked) return;
      this.picker.learn(found.labels);
      this.result = { ...found, by: by.map((code) => this.byCode.get(code)), measure };
      this.reason = "";
    } catch (problem) {
      if (asked !== this.asked) return;
      this.result = null;
      this.reason = problem.message;
    } finally {
      this.element.removeAttribute("aria-busy");
    }
    this.draw();
  }

  draw() {
    const { activeElement } = document;
    const focused = this.element.contains(activeElement) ? activeElement.dataset.does : null;
    fill(
      this.element,
      make("div", { class: "panel-head" }, [
        make("h2", { class: "panel-title", text: t("groups_title") }),
        make("span", { class: "text-secondary", text: t("groups_hint") }),
      ]),
      this.#makeChoices(),
      this.reason ? make("p", { class: "panel-reason", role: "alert", text: this.reason }) : null,
      this.result ? this.#makeResult() : null,
      make("div", { class: "panel-buttons" }, [
        make("button", { type: "button", class: "btn", onclick: () => this.close(), text: t("close") }),
      ]),
    );
    if (focused) this.element.querySelector(`[data-does="${focused}"]`)?.focus();
  }

  #makeChoices() {
    const options = groupableFields(this.fields).map(({ code, label }) => [code, label]);
    const [first, second] = this.wanted.by;
    const others = [["", t("groups_none")], ...options.filter(([code]) => code !== first)];
    const measured = measures
      .filter((name) => name === "count" || measuredFields(this.fields, name).length > 0)
      .map((name) => [name, t(`groups_${name}`)]);
    const choices = [
      this.#makeChoice("groups_by", options, first, (code) => this.#chooseFirst(code)),
      this.#makeChoice("groups_then", others, second, (code) => (this.wanted.by[1] = code)),
      this.#makeChoice("groups_measure", measured, this.wanted.measure, (name) => this.#measure(name)),
    ];
    if (this.wanted.measure !== "count") {
      const fields = measuredFields(this.fields, this.wanted.measure);
      const all = fields.map(({ code, label }) => [code, label]);
      choices.push(this.#makeChoice("groups_of", all, this.wanted.of, (code) => (this.wanted.of = code)));
    }
    return make("div", { class: "group-choices" }, choices);
  }

  #makeChoice(key, options, chosen, onChoose) {
    const select = makeSelect(t(key), options, chosen, (value) => {
      onChoose(value);
      this.draw();
      this.refresh();
    });
    select.dataset.does = key;
    return make("label", { class: "group-choice" }, [make("span", { text: t(key) }), select]);
  }

  #chooseFirst(code) {
    this.wanted.by[0] = code;
    if (this.wanted.by[1] === code) this.wanted.by[1] = "";
  }

  #measure(name) {
    this.wanted.measure = name;
    const fields = measuredFields(this.fields, name);
    if (!fields.some(({ code }) => code === this.wanted.of)) this.wanted.of = fields[0]?.code ?? "";
  }

  #makeResult() {
    const { groups, more, by, measure } = this.result;
    const headings = [...by.map(({ label }) => label), t("groups_count")];
    const of = this.byCode.get(this.wanted.of)?.label ?? "";
    if (measure !== "count") headings.push(t("groups_value", { measure: t(`groups_${measure}`), field: of }));
    const note = more ? "groups_more" : groups.length > 0 ? "groups_shown" : "groups_nothing";
    const heads = headings.map((text) => make("th", { scope: "col", text }));
    heads.push(make("th", { scope: "col" }, [make("span", { class: "visually-hidden", text: t("groups_show") })]));
    return make("div", {}, [
      make("p", { class: "text-secondary group-note", role: "status", text: t(note, { count: groups.length }) }),
      make("div", { class: "group-result" }, [
        make("table", { class: "table table-sm" }, [
          make("caption", { class: "visually-hidden", text: t("groups_title") }),
          make("thead", {}, [make("tr", {}, heads)]),
          make("tbody", {}, groups.map((group) => this.#makeGroup(group))),
        ]),
      ]),
    ]);
  }

  #makeGroup(group) {
    const { by, measure } = this.result;
    const cells = by.map((field, place) => {
      const text = this.#keyText(field, group.keys[place]);
      return place === 0 ? make("th", { scope: "row", text }) : make("td", { text });
    });
    cells.push(make("td", { class: "group-number", text: String(group.rows) }));
    if (measure !== "count") cells.push(make("td", { class: "group-number", text: valueText(measure, group) }));
    return make("tr", {}, [...cells, make("td", {}, [this.#makeShow(group)])]);
  }

  #keyText(field, key) {
    if (isEmpty(key)) return t("groups_empty");
    return formatValue(field, key, this.picker.labelOf(field, key));
  }

  #makeShow(group) {
    const { by } = this.result;
    const isCut = group.keys.some((key) => String(key ?? "").length >= longestKey);
    if (isCut || by.some(({ operators }) => !operators?.includes("="))) return null;
    const name = by.map((field, place) => this.#keyText(field, group.keys[place])).join(" ");
    const label = `${t("groups_show")} ${name}`;
    const show = () => this.onChoose(by.map((field, place) => [field, group.keys[place]]));
    const attributes = { type: "button", class: "btn btn-icon btn-sm", title: label, "aria-label": label };
    return make("button", { ...attributes, onclick: show }, [icon("filter")]);
  }
}
