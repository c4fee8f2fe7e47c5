/** What came back of a cell, beside it: its reasons, the answer in place, and new items of reviewers. */

import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";

const verbLabels = { change: "return_changed", explain: "return_explain", close: "return_close", reopen: "return_reopen" };
const leading = new Set(["change", "close"]);

function tell(note, text) {
  note.textContent = text ?? "";
}

function makeAnswering(item, returned) {
  if (item.permitted.length === 0) return null;
  const isAnswering = item.permitted.includes("explain");
  const label = t(isAnswering ? "return_explanation" : "return_why_not");
  const text = make("textarea", { class: "form-control", rows: 2, maxlength: 500, "aria-label": label, placeholder: label });
  const note = make("small", { class: "text-danger", role: "alert" });
  const buttons = item.permitted.map((verb) =>
    make("button", {
      type: "button",
      class: `btn btn-sm ${leading.has(verb) ? "btn-primary" : ""}`,
      text: t(verbLabels[verb]),
      onclick: async () => tell(note, await returned.act(item, verb, text.value)),
    }),
  );
  return make("div", { class: "return-answer" }, [text, note, make("div", { class: "return-buttons" }, buttons)]);
}

function makeItem(item, returned) {
  const said = item.answer ? make("p", { class: "mb-1", text: `${item.answered_by}：${item.answer}` }) : null;
  return make("div", { class: `cell-message is-${item.state === "open" || item.state === "reopened" ? "error" : "unsaved"}` }, [
    icon("arrow-back-up"),
    make("div", { class: "finding-body" }, [
      make("p", { class: "mb-1 finding-message", text: item.reason }),
      make("small", { class: "text-secondary", text: [item.state_label, item.days_open === null ? "" : t("return_days_open", { days: item.days_open }), item.addressee ?? ""].filter(Boolean).join(" · ") }),
      said,
      makeAnswering(item, returned),
    ]),
  ]);
}

function makeCollected(item, returned) {
  return make("div", { class: "cell-message is-error" }, [
    icon("pencil"),
    make("div", { class: "finding-body" }, [
      make("p", { class: "mb-1", text: item.reason }),
      make("small", { class: "text-secondary", text: t("return_not_sent") }),
      make("button", { type: "button", class: "btn btn-sm", text: t("return_take_out"), onclick: () => returned.takeOut(item) }),
    ]),
  ]);
}

function makeCollecting({ row, field, position }, returned) {
  const label = t("return_reason");
  const text = make("textarea", { class: "form-control", rows: 2, maxlength: 500, "aria-label": label, placeholder: label });
  const note = make("small", { class: "text-danger", role: "alert" });
  const collect = (about) => {
    if (!text.value.trim()) {
      text.focus();
      return;
    }
    tell(note, returned.collect(row, about, position, text.value.trim()));
  };
  const button = (key, about) =>
    make("button", { type: "button", class: "btn btn-sm", text: t(key), onclick: () => collect(about) });
  return make("div", { class: "return-answer" }, [
    text,
    note,
    make("div", { class: "return-buttons" }, [button("return_this_cell", field), button("return_this_row", null)]),
    make("p", { class: "section-note text-secondary" }, [
      t("return_collected", { count: returned.collected.all().length }),
      " ",
      make("a", { href: `/submissions/${returned.app.addresses.submission}#step-send_back`, text: t("return_to_sending") }),
    ]),
  ]);
}

/** The section of what came back; nothing of it where nothing did and nobody may send anything back. */
export function returnSection(returned) {
  const ofPlace = ({ row, field }) => [...returned.of(row, field.code), ...returned.of(row, "")];
  const collectedAt = ({ row, field }) => [...returned.collectedOf(row, field.code), ...returned.collectedOf(row, "")];
  return {
    name: "returned",
    title: "section_returned",
    applies: ({ row, field }) => Boolean(row?.version && field) && (Boolean(returned.collected) || ofPlace({ row, field }).length > 0),
    keyOf: (about) => JSON.stringify([about.row.id, about.field.code, ofPlace(about), collectedAt(about)]),
    count: (about) => ofPlace(about).length + collectedAt(about).length,
    make: (about) =>
      make("div", {}, [
        ...ofPlace(about).map((item) => makeItem(item, returned)),
        ...collectedAt(about).map((item) => makeCollected(item, returned)),
        returned.collected ? makeCollecting(about, returned) : null,
      ]),
  };
}
