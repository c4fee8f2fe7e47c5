/**
 * The list of keys.
 */

import { make } from "../common/dom.js";
import { openDialog } from "../common/dialog.js";
import { t } from "../common/messages.js";

const keys = [
  ["↑ ↓ ← →", "key_move"],
  ["Enter / Tab", "key_enter"],
  ["F2", "key_edit"],
  ["Esc", "key_escape"],
  ["Delete", "key_delete"],
  ["Ctrl+C / Ctrl+X / Ctrl+V", "key_copy"],
  ["Ctrl+Z / Ctrl+Y", "key_undo"],
  ["Ctrl+D", "key_fill"],
  ["Ctrl+;", "key_today"],
  ["Alt+↓", "key_list"],
  ["Alt+Enter", "key_line"],
  ["Shift+↑ ↓ ← →", "key_select"],
  ["Ctrl+A", "key_all"],
  ["F8", "key_next"],
  ["Ctrl+S", "key_save"],
  ["Shift+Enter", "key_detail"],
];

/** Show the keys in a dialog. */
export function showHelp() {
  const rows = keys.map(([combination, meaning]) =>
    make("tr", {}, [
      make("td", {}, [make("kbd", { text: combination })]),
      make("td", { text: t(meaning) }),
    ]),
  );
  openDialog(t("help_title"), [
    make("p", { text: t("help_paste") }),
    make("table", { class: "table table-sm help-keys" }, [make("tbody", {}, rows)]),
  ]);
}
