/**
 * The panel in which conditions are put together. It keeps what is typed whatever the server says.
 */

import { fill, icon, make, makeSelect } from "../common/dom.js";
import { t } from "../common/messages.js";
import {
  filterableFields,
  inputKind,
  isGroup,
  mostValues,
  newCondition,
  newGroup,
  operatorsOf,
  pastedValues,
  readTree,
  writeTree,
} from "./filter_tree.js";
import { periodNames } from "./relative_period.js";
import { choicesOf } from "./values.js";

const wordByOperator = {
  "=": "operator_equal",
  "!=": "operator_not_equal",
  "<": "operator_less",
  "<=": "operator_at_most",
  ">": "operator_more",
  ">=": "operator_at_least",
  between: "operator_between",
  in: "operator_in",
  contains: "operator_contains",
  starts_with: "operator_starts_with",
  empty: "operator_empty",
  not_empty: "operator_not_empty",
  period: "operator_period",
  "=user": "operator_is_current_user",
  "!=user": "operator_is_not_current_user",
  in_departments: "operator_in_current_departments",
};
const datedWords = { "<": "operator_before", ">": "operator_after", ">=": "operator_from", "<=": "operator_until" };
const inputTypes = { date: "date", yearmonth: "month" };

/** What an operator is called; dates are not “greater” but later. */
export function operatorLabel(field, operator) {
  const isDated = ["date", "datetime", "yearmonth"].includes(field.type);
  return t((isDated && datedWords[operator]) || wordByOperator[operator] || operator);
}

/** The panel over one table's fields. */
export class FilterPanel {
  /**
   * @param {object} options
   * @param {HTMLElement} options.element
   * @param {object[]} options.fields
   * @param {object} options.picker looks up references
   * @param {function(object|null): Promise<string|null>} options.onApply shows the rows of a tree;
   *   answers why it could not
   */
  constructor({ element, fields, picker, onApply }) {
    this.element = element;
    this.fields = filterableFields(fields);
    this.byCode = new Map(this.fields.map((field) => [field.code, field]));
    this.picker = picker;
    this.onApply = onApply;
    this.group = newGroup();
    this.reason = "";
    element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Show the conditions of a tree; what the table does not have is left out and counted. */
  take(tree) {
    const { group, dropped } = readTree(tree, this.fields);
    this.group = group;
    this.reason = dropped > 0 ? t("filter_dropped", { count: dropped }) : "";
    if (this.isOpen) this.draw();
    return dropped;
  }

  open(reason = this.reason) {
    this.reason = reason;
    if (this.group.parts.length === 0) this.#add(this.group);
    this.element.hidden = false;
    this.draw();
    this.element.querySelector("select, input, button")?.focus();
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  draw() {
    const say = make("p", { class: "panel-reason", role: "alert", text: this.reason });
    say.hidden = this.reason === "";
    fill(
      this.element,
      make("div", { class: "panel-head" }, [
        make("h2", { class: "panel-title", text: t("filter_title") }),
        make("span", { class: "text-secondary", text: t("filter_hint") }),
      ]),
      say,
      this.#makeGroup(this.group, null),
      make("div", { class: "panel-buttons" }, [
        this.#button("filter_apply", () => this.#apply(), "btn-primary"),
        this.#button("filter_clear", () => this.#clear()),
        this.#button("close", () => this.close()),
      ]),
    );
  }

  #button(key, run, look = "", name = null) {
    const attributes = { type: "button", class: `btn ${look}`, onclick: run };
    return make("button", attributes, [name ? icon(name) : null, t(key)]);
  }

  #smallButton(key, name, run) {
    const label = { title: t(key), "aria-label": t(key) };
    return make("button", { type: "button", class: "btn btn-icon", onclick: run, ...label }, [icon(name)]);
  }

  #makeGroup(group, parent) {
    const lines = group.parts.map((part, index) => this.#makeLine(group, part, index));
    const add = make("div", { class: "filter-add" }, [
      this.#button("filter_add", () => this.#change(() => this.#add(group)), "btn-sm", "plus"),
      parent ? null : this.#button("filter_add_group", () => this.#change(() => this.#addGroup()), "btn-sm", "plus"),
    ]);
    return make("div", { class: "filter-group", role: "group", "aria-label": t("filter_group") }, [
      ...lines,
      add,
    ]);
  }

  #makeLine(group, part, index) {
    const content = isGroup(part) ? [this.#makeGroup(part, group)] : this.#makeCondition(part);
    const remove = () => this.#change(() => group.parts.splice(index, 1));
    return make("div", { class: "filter-line" }, [
      this.#makeJoin(group, index),
      ...content,
      this.#smallButton("filter_remove", "x", remove),
    ]);
  }

  // One word joins all lines of a group: mixing them takes a group of its own.
  #makeJoin(group, index) {
    if (index === 0) return make("span", { class: "filter-join", text: t("filter_where") });
    const words = [["and", t("filter_and")], ["or", t("filter_or")]];
    if (index > 1) {
      return make("span", { class: "filter-join", text: t(`filter_${group.joinedBy}`) });
    }
    const choose = (word) => this.#change(() => (group.joinedBy = word));
    const select = makeSelect(t("filter_join"), words, group.joinedBy, choose);
    select.classList.add("filter-join");
    return select;
  }

  #makeCondition(condition) {
    const field = this.byCode.get(condition.field);
    const fields = this.fields.map(({ code, label }) => [code, label]);
    const operators = operatorsOf(field).map((each) => [each, operatorLabel(field, each)]);
    const chooseField = (code) =>
      this.#change(() => Object.assign(condition, newCondition(this.byCode.get(code))));
    const chooseOperator = (operator) => this.#change(() => this.#setOperator(condition, operator));
    return [
      makeSelect(t("filter_field"), fields, condition.field, chooseField),
      makeSelect(t("filter_operator"), operators, condition.operator, chooseOperator),
      this.#makeValue(field, condition),
    ];
  }

  #setOperator(condition, operator) {
    const wasPeriod = condition.operator === "period";
    condition.operator = operator;
    if (operator === "period") condition.texts = [periodNames[0]];
    else if (wasPeriod) condition.texts = [];
  }

  #makeValue(field, condition) {
    const kind = inputKind(condition.operator);
    if (kind === "none") return make("span", { class: "filter-value" });
    if (kind === "period") return this.#makePeriod(condition);
    if (kind === "list") return this.#makeList(field, condition);
    const inputs = [this.#makeInput(field, condition, 0)];
    if (kind === "pair") inputs.push(t("filter_to"), this.#makeInput(field, condition, 1));
    return make("span", { class: "filter-value" }, inputs);
  }

  #makePeriod(condition) {
    const periods = periodNames.map((name) => [name, t(`period_${name}`)]);
    const choose = (name) => (condition.texts = [name]);
    const select = makeSelect(t("filter_value"), periods, condition.texts[0], choose);
    return make("span", { class: "filter-value" }, [select]);
  }

  #makeInput(field, condition, index) {
    const set = (text) => (condition.texts[index] = text);
    const choices = choicesOf(field);
    if (choices.length > 0) {
      const options = choices.map(({ code, label }) => [String(code), label]);
      options.unshift(["", t("filter_choose")]);
      return makeSelect(t("filter_value"), options, condition.texts[index] ?? "", set);
    }
    const input = make("input", {
      class: "form-control",
      type: inputTypes[field.type] ?? "text",
      value: condition.texts[index] ?? "",
      maxlength: 200,
      "aria-label": t(index === 0 ? "filter_value" : "filter_value_to"),
      oninput: (event) => set(event.target.value),
    });
    return field.type === "reference" ? this.#makeSuggesting(field, input) : input;
  }

  #makeSuggesting(field, input) {
    const list = make("datalist", { id: `filter-options-${Math.random().toString(36).slice(2)}` });
    input.setAttribute("list", list.id);
    const suggest = async () => {
      const items = await this.picker.find(field, input.value).catch(() => []);
      fill(list, ...items.map(({ key, label }) => make("option", { value: key, text: label })));
    };
    input.addEventListener("input", suggest);
    input.addEventListener("focus", suggest, { once: true });
    return make("span", {}, [input, list]);
  }

  #makeList(field, condition) {
    const choices = choicesOf(field);
    if (choices.length > 0) return this.#makeChecks(choices, condition);
    const count = make("small", { class: "text-secondary" });
    const tell = () => {
      const parameters = { count: condition.texts.length, most: mostValues };
      const isOver = condition.texts.length > mostValues;
      count.textContent = t(isOver ? "filter_list_over" : "filter_list_count", parameters);
      count.classList.toggle("is-over", isOver);
    };
    const area = make("textarea", {
      class: "form-control",
      rows: 4,
      "aria-label": t("filter_list"),
      placeholder: t("filter_list"),
      oninput: (event) => {
        condition.texts = pastedValues(event.target.value);
        tell();
      },
    });
    area.value = condition.texts.join("\n");
    tell();
    return make("span", { class: "filter-value filter-list" }, [area, count]);
  }

  #makeChecks(choices, condition) {
    const chosen = new Set(condition.texts);
    const boxes = choices.map(({ code, label }) => {
      const value = String(code);
      const toggle = (event) => {
        if (event.target.checked) chosen.add(value);
        else chosen.delete(value);
        condition.texts = [...chosen];
      };
      const attributes = { type: "checkbox", class: "form-check-input", onchange: toggle };
      const box = make("input", { ...attributes, checked: chosen.has(value) });
      return make("label", { class: "form-check" }, [box, ` ${label}`]);
    });
    return make("span", { class: "filter-value filter-checks", role: "group", "aria-label": t("filter_value") }, boxes);
  }

  #add(group) {
    if (this.fields.length > 0) group.parts.push(newCondition(this.fields[0]));
  }

  #addGroup() {
    const group = newGroup(this.group.joinedBy === "and" ? "or" : "and");
    this.#add(group);
    this.group.parts.push(group);
  }

  #change(run) {
    run();
    this.reason = "";
    this.draw();
  }

  async #apply() {
    const { tree, problems } = writeTree(this.group, this.fields);
    const missing = problems.map(({ key, parameters }) => t(key, parameters));
    this.reason = missing.join(" ") || ((await this.onApply(tree)) ?? "");
    if (this.reason) this.draw();
    else this.close();
  }

  async #clear() {
    this.group = newGroup();
    this.reason = (await this.onApply(null)) ?? "";
    if (this.reason) this.draw();
    else this.close();
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target.matches("input")) this.#apply();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
