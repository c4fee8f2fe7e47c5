/**
 * The drawer that shows what would come before anything is written: how many rows are new, changed,
 * the same or refused, and row by row what stands there now, what would, and why not.
 */

import { openDialog } from "../common/dialog.js";
import { fill, icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";

/** Rows are listed up to here; the numbers count all of them. */
export const mostListed = 100;
const mostCells = 8;

const looks = {
  rejected: ["alert-circle", "is-error"],
  conflict: ["users", "is-conflict"],
  created: ["plus", "is-created"],
  changed: ["pencil", "is-changed"],
  unchanged: ["check", ""],
};

function makeCell({ label, before, after, reasons }) {
  const isChanged = before !== after;
  return make("li", { class: reasons.length > 0 ? "is-error" : "" }, [
    make("span", { class: "preview-field", text: label }),
    isChanged && before !== null ? make("del", { text: before || t("nothing") }) : null,
    isChanged && before !== null ? " → " : null,
    make("ins", { text: after || t("nothing") }),
    ...reasons.map((text) => make("span", { class: "preview-reason", text })),
  ]);
}

function makeItem({ place, name, cells, reasons, later }) {
  const more = cells.length - mostCells;
  return make("li", { class: "preview-row" }, [
    make("div", { class: "preview-place" }, [
      make("strong", { text: place }),
      name ? make("span", { text: name }) : null,
    ]),
    ...reasons.map((text) => make("div", { class: "preview-reason", text })),
    makeLater(later),
    make("ul", { class: "preview-cells" }, [
      ...cells.slice(0, mostCells).map(makeCell),
      more > 0 ? make("li", { class: "text-secondary", text: t("and_more", { count: more }) }) : null,
    ]),
  ]);
}

// What does not keep a row from being written is told in one line.
function makeLater(later) {
  if (later.length === 0) return null;
  return make("div", { class: "preview-later", text: t("preview_later", { list: later.join(" ") }) });
}

/**
 * What is said of the whole row: why it cannot be written, and what may be left for later.
 * @param {string[]} messages in the order of the server, which tells last what stood against the row
 * @param {boolean} isGood whether the row can be written
 * @returns {{reasons: string[], later: string[]}}
 */
export function weigh(messages, isGood) {
  return isGood
    ? { reasons: [], later: messages }
    : { reasons: messages.slice(-1), later: messages.slice(0, -1) };
}

/**
 * Show the drawer and wait for the answer.
 * @param {object} shown {title, notes: string[], groups: [{outcome, count, items}], confirmLabel,
 *   isConfirmable}; an item is {place, name, cells: [{label, before, after, reasons}], reasons,
 *   later};
 *   `before` null: the row is new
 * @returns {Promise<boolean>} whether it is to be written
 */
export function askByPreview({ title, notes, groups, confirmLabel, isConfirmable = true }) {
  return new Promise((resolve) => {
    const list = make("ul", { class: "preview-list", tabindex: "0" });
    const tabs = make("div", { class: "preview-tabs", role: "group", "aria-label": title });
    const choose = (chosen) => {
      fill(tabs, ...groups.map((group) => makeTab(group, group === chosen, () => choose(group))));
      fill(list, ...(chosen?.items.map(makeItem) ?? []), restOf(chosen));
    };
    const cancel = make("button", { type: "submit", value: "no", class: "btn", text: t("cancel") });
    const confirm = make("button", {
      type: "submit",
      value: "yes",
      class: "btn btn-primary",
      text: confirmLabel,
      disabled: !isConfirmable,
    });
    const body = [...notes.map((text) => make("p", { class: "preview-note", text })), tabs, list];
    const dialog = openDialog(title, body, [cancel, confirm]);
    dialog.classList.add("drawer");
    choose(groups.find(({ count }) => count > 0));
    (isConfirmable ? confirm : cancel).focus();
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function restOf(group) {
  const rest = group ? group.count - group.items.length : 0;
  if (rest <= 0) return null;
  return make("li", { class: "text-secondary", text: t("preview_more", { count: rest }) });
}

function makeTab({ outcome, count }, isChosen, choose) {
  const [name, look] = looks[outcome];
  return make(
    "button",
    {
      type: "button",
      class: `btn btn-sm preview-tab ${look}`,
      "aria-pressed": String(isChosen),
      disabled: count === 0,
      onclick: choose,
      dataset: { outcome },
    },
    [icon(name), t(`preview_${outcome}`, { count })],
  );
}

/** A short wait that can be given up: answers {dialog, tell} while something is being judged. */
export function showJudging(title) {
  const text = make("p", { text: t("preview_judging"), role: "status" });
  const dialog = openDialog(title, [text], [
    make("button", { type: "submit", value: "no", class: "btn", text: t("cancel") }),
  ]);
  dialog.classList.add("drawer");
  const tell = (done, all) => {
    text.textContent = t("preview_judged", { done, all });
  };
  return { dialog, tell };
}
