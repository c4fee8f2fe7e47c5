/**
 * Logging out leaves nothing of the person in the browser: drafts of grids and forms are forgotten.
 * Of unsaved changes that would be lost the person is told before.
 */

import { askToConfirm } from "../common/dialog.js";
import { DraftDatabase, DraftStorage } from "../common/draft_storage.js";
import { t } from "../common/messages.js";

const formPrefix = "statedata.form.";

function isLogout(form) {
  return new URL(form.action, window.location.href).pathname.endsWith("/logout/");
}

/** Listen to the forms that log out; they say in `data-user` whose drafts are meant. */
export function guardLogout() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!isLogout(form) || !form.dataset.user) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leave(form);
    },
    { capture: true },
  );
}

async function leave(form) {
  try {
    if (!(await forgetDrafts(form.dataset.user))) return;
  } catch {
    // Without storage in this browser there is nothing to forget.
  }
  form.submit();
}

async function forgetDrafts(user) {
  const drafts = new DraftStorage(window.localStorage, new DraftDatabase());
  const count = drafts.countRows(user);
  if (count > 0) {
    const question = { title: t("logout_title"), text: t("logout_unsaved", { count }) };
    const how = { confirmLabel: t("logout_anyway"), isDangerous: true };
    if (!(await askToConfirm({ ...question, ...how }))) return false;
  }
  await drafts.forget(user);
  const forms = Object.keys(window.sessionStorage).filter((key) => key.startsWith(formPrefix));
  for (const key of forms) window.sessionStorage.removeItem(key);
  return true;
}
