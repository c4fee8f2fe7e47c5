/**
 * Questions and hints: the browser's own dialog element, which keeps the focus inside and closes
 * with Esc, and short notices in a corner.
 */

import { fill, icon, make } from "./dom.js";
import { t } from "./messages.js";

/**
 * Ask before something that cannot be taken back.
 * @param {{title?: string, text: string, confirmLabel?: string, isDangerous?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function askToConfirm({ title, text, confirmLabel, isDangerous = false }) {
  return new Promise((resolve) => {
    const confirm = make("button", {
      type: "submit",
      value: "yes",
      class: `btn ${isDangerous ? "btn-danger" : "btn-primary"}`,
      text: confirmLabel ?? t("confirm"),
    });
    const cancel = make("button", { type: "submit", class: "btn", text: t("cancel"), value: "no" });
    const dialog = openDialog(title ?? t("please_confirm"), [make("p", { text })], [cancel, confirm]);
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    // The harmless answer has the focus when data would be lost.
    (isDangerous ? cancel : confirm).focus();
  });
}

/**
 * Open a dialog and remove it from the page when it closes.
 * @param {string} title
 * @param {Array<Node|string>} content
 * @param {Array<Node>} [buttons]
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, buttons) {
  const close = make("button", { type: "submit", class: "btn btn-primary", text: t("close") });
  const dialog = make("dialog", { class: "dialog", "aria-label": title }, [
    make("form", { method: "dialog" }, [
      make("h2", { class: "dialog-title", text: title }),
      make("div", { class: "dialog-body" }, content),
      make("div", { class: "dialog-buttons" }, buttons ?? [close]),
    ]),
  ]);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  return dialog;
}

function noticeArea() {
  const present = document.getElementById("notices");
  if (present) return present;
  const area = make("div", { id: "notices", class: "notices", role: "status" });
  document.body.append(area);
  return area;
}

/**
 * Show a short notice that leaves by itself.
 * @param {string} text
 * @param {{actions?: Array<{label: string, run: function}>, seconds?: number}} [options]
 * @returns {function(): void} takes it away before its time
 */
export function notify(text, { actions = [], seconds = 8 } = {}) {
  const notice = make("div", { class: "notice" });
  const leave = () => notice.remove();
  const buttons = actions.map(({ label, run }) =>
    make("button", {
      type: "button",
      class: "btn btn-sm",
      text: label,
      onclick: () => {
        leave();
        run();
      },
    }),
  );
  const close = make("button", {
    type: "button",
    class: "btn btn-icon btn-sm",
    "aria-label": t("close"),
    onclick: leave,
  });
  fill(close, icon("x"));
  fill(notice, make("span", { text }), ...buttons, close);
  noticeArea().append(notice);
  window.setTimeout(leave, seconds * 1000);
  return leave;
}
