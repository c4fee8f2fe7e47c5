/**
 * What every ordinary form gets: a question before `data-confirm` forms, and no second submission
 * by a double click. A `select[data-submit-on-change]` sends its form when another value is chosen.
 */

import { askToConfirm } from "../common/dialog.js";
import { t } from "../common/messages.js";

const spinnerDelay = 300;

function lockForm(form, submitter) {
  form.dataset.isSubmitting = "true";
  for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
  window.setTimeout(() => {
    if (form.dataset.isSubmitting) submitter?.classList.add("is-working");
  }, spinnerDelay);
}

function unlockForm(form) {
  delete form.dataset.isSubmitting;
  for (const button of form.querySelectorAll("[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("is-working");
  }
}

async function confirmThenSubmit(form, submitter) {
  const agreed = await askToConfirm({
    text: form.dataset.confirm,
    confirmLabel: form.dataset.confirmLabel ?? submitter?.textContent.trim() ?? t("confirm"),
    isDangerous: "confirmDanger" in form.dataset,
  });
  if (!agreed) return;
  form.dataset.isConfirmed = "true";
  form.requestSubmit(submitter ?? undefined);
}

function onSubmit(event) {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.isSubmitting) {
    event.preventDefault();
    return;
  }
  if (form.dataset.confirm && !form.dataset.isConfirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmThenSubmit(form, event.submitter);
    return;
  }
  delete form.dataset.isConfirmed;
  const staysOnPage = form.hasAttribute("hx-post") || "download" in form.dataset;
  if (form.method === "post" && !staysOnPage) lockForm(form, event.submitter);
}

/** Start guarding the forms of the page. */
export function guardForms() {
  document.addEventListener("submit", onSubmit, true);
  // A page that comes back from the browser's history must be usable again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-is-submitting]").forEach(unlockForm);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
