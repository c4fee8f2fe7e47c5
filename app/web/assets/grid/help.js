/**
 * The list of keys.
 */

import { make } from "../common/dom.js";
import { openDialog } from "../common/dialog.js";
import { t } from "../common/messages.js";

const keys = [
  ["↑ ↓ ← →", "key_move"],
  ["Home / End, Ctrl+Home / Ctrl+End", "key_home"],
  ["PageUp / PageDown", "key_page"],
  ["Ctrl+↑ ↓ ← →", "key_jump"],
  ["Enter / Tab", "key_enter"],
  ["Shift+Tab", "key_back"],
  ["F2", "key_edit"],
  ["Esc", "key_escape"],
  ["Delete", "key_delete"],
  ["Alt+↓", "key_list"],
  ["Alt+Enter", "key_line"],
  ["Ctrl+;", "key_today"],
  ["Ctrl+C / Ctrl+X / Ctrl+V", "key_copy"],
  ["Ctrl+Shift+C", "key_copy_headings"],
  ["Ctrl+Z / Ctrl+Y", "key_undo"],
  ["Ctrl+D", "key_fill"],
  ["Ctrl+R", "key_fill_right"],
  ["Ctrl+Enter", "key_fill_typed"],
  ["■", "key_fill_handle"],
  ["Shift+↑ ↓ ← →", "key_select"],
  ["Shift+Space", "key_row"],
  ["Ctrl+A", "key_all"],
  ["Ctrl+F / Ctrl+H", "key_find"],
  ["F8", "key_next"],
  ["Shift+F8", "key_next_item"],
  ["Ctrl+S", "key_save"],
  ["Shift+Enter", "key_detail"],
  ["?", "key_help"],
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
