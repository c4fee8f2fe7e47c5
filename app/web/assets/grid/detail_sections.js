/**
 * What the panel beside the grid says of a cell by itself: what the field means, and what is wrong.
 */

import { makeFindingCard } from "../beside/finding_card.js";
import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { changedText, makeConflictLines } from "./conflict.js";
import { messagesOf } from "./row.js";
import { choicesOf, isEmpty } from "./values.js";

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

function makeMessages(state, findings) {
  if (state.severity === "unsaved") {
    const text = make("span", { text: t("cell_unsaved") });
    return [make("div", { class: "cell-message is-unsaved" }, [icon("clock"), text])];
  }
  const shown = new Map(messagesOf(state).map((said) => [said.message, said]));
  return [...shown.values()].map((said, index) =>
    said.finding && !state.isUnsaved
      ? makeFindingCard(said.finding, findings.cardOptions)
      : makeMessage(said, state.isUnsaved && index === 0),
  );
}

function makeMessage({ severity, message }, isUnsaved) {
  const names = { error: "alert-circle", warning: "alert-triangle" };
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

function makeFilterButton(field, value, onFilter) {
  if (!field.operators?.includes(isEmpty(value) ? "empty" : "=")) return null;
  const run = () => onFilter(field, value);
  const attributes = { type: "button", class: "btn btn-sm detail-filter", onclick: run };
  return make("button", attributes, [icon("filter"), t("filter_like_this")]);
}

/** What the field means and what may stand there. */
export function explanationSection({ onFilter }) {
  return {
    name: "explanation",
    title: "section_explanation",
    applies: ({ field }) => Boolean(field),
    keyOf: ({ field, value, isEmptyRow }) => JSON.stringify([field.code, value, isEmptyRow]),
    make: ({ field, value, isEmptyRow }) =>
      make("div", {}, [
        field.guidance ? make("p", { class: "detail-guidance", text: field.guidance }) : null,
        isEmptyRow ? null : makeFilterButton(field, value, onFilter),
        makeFacts(field),
        makeChoices(field),
        choicesOf(field).length === 0 && field.type === "reference"
          ? make("p", { class: "text-secondary", text: t("reference_explanation") })
          : null,
      ]),
  };
}

// How many others an explanation may be for is part of what a card shows.
function alikeCounts(state, findings) {
  const told = messagesOf(state).filter(({ finding }) => finding);
  return told.map(({ finding }) => [findings.place.alike(finding).length, findings.place.answer.why_not_explain]);
}

/** What is wrong with the cell, and two values of which one has to be chosen. */
export function problemSection({ sheet, picker, onResolve, findings }) {
  return {
    name: "problem",
    title: "section_problem",
    applies: ({ field }) => Boolean(field),
    keyOf: ({ row, field, state }) =>
      JSON.stringify([row.id, field.code, state, row.conflict, alikeCounts(state, findings)]),
    make({ row, state }) {
      if (!row.conflict && (!state || state.conflict)) return null;
      return make("div", {}, [
        row.conflict ? makeConflict(row, sheet.allFields, picker, onResolve) : null,
        ...(state && !state.conflict ? makeMessages(state, findings) : []),
      ]);
    },
  };
}
