import assert from "node:assert/strict";
import { test } from "node:test";

import { choicesLike } from "../../../app/web/assets/grid/choice_editor.js";
import { TypedRow } from "../../../app/web/assets/grid/typed_row.js";
import { UndoStack } from "../../../app/web/assets/grid/undo_stack.js";

test("the very code comes before labels whose pinyin has its letter", () => {
  const kind = {
    type: "code",
    codes: [
      { code: "A", label: "A类(纯理论课)", search: "a l c l l k" },
      { code: "B", label: "B类((理论+实践)课)", search: "b l l l s j k" },
      { code: "C", label: "C类(纯实践课)", search: "c l c s j k" },
    ],
  };
  const codes = (text) => choicesLike(kind, text).map(({ code }) => code);

  assert.deepEqual(codes("c"), ["C", "A"]);
  assert.deepEqual(codes("Ｃ"), ["C", "A"]);
  assert.deepEqual(codes("理论"), ["A", "B"]);
  assert.deepEqual(codes(""), ["A", "B", "C"]);
});

test("Enter leads under the cell where typing with Tab began", () => {
  const typed = new TypedRow();
  const press = (key, cell, row = 4) => typed.onKey({ key }, { row, cell });

  press("Tab", 2);
  press("Tab", 3);
  assert.equal(typed.take({ row: 4, cell: 4 }), 2);
  assert.equal(typed.take({ row: 5, cell: 4 }), 4);
  press("Tab", 2);
  press("ArrowRight", 3);
  assert.equal(typed.take({ row: 4, cell: 4 }), 4);
});

test("an offer to undo goes when something else is the latest", () => {
  const history = new UndoStack();
  const command = { cells: [1], added: [], removed: [] };
  let withdrawn = 0;

  history.push(command);
  history.offer(() => (withdrawn += 1));
  history.push(command);
  assert.equal(withdrawn, 1);
  history.takeUndo();
  assert.equal(withdrawn, 1);
});
