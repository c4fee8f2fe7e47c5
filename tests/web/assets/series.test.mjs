import assert from "node:assert/strict";
import { test } from "node:test";

import { continueSeries } from "../../../app/web/assets/grid/series.js";
import { born, code, credit, hours, isCore, opened, title } from "./fields.mjs";

const cases = [
  ["one number is copied", hours, [5], [5, 5]],
  ["two numbers go on by their step", hours, [2, 4], [6, 8]],
  ["numbers go down as well", hours, [3, 2], [1, 0]],
  ["decimals keep their digits", credit, ["0.1", "0.2"], ["0.3", "0.4"]],
  ["numbers without a common step repeat", hours, [1, 2, 9], [1, 2, 9, 1]],
  ["a day goes on", born, ["2024-02-28"], ["2024-02-29", "2024-03-01"]],
  ["weeks go on", born, ["2025-09-01", "2025-09-08"], ["2025-09-15", "2025-09-22"]],
  ["months go on with their day", born, ["2025-11-01", "2025-12-01"], ["2026-01-01", "2026-02-01"]],
  ["a month goes on over the year", opened, ["2025-12"], ["2026-01", "2026-02"]],
  ["a numbered text goes on with its zeros", code, ["编号009"], ["编号010", "编号011"]],
  ["the last number of a text counts", code, ["GG1-08班"], ["GG1-09班", "GG1-10班"]],
  ["numbered texts go on by their step", code, ["A10", "A20"], ["A30", "A40"]],
  ["a text without a number repeats", code, ["甲", "乙"], ["甲", "乙", "甲"]],
  ["different texts repeat", code, ["A1", "B2"], ["A1", "B2"]],
  ["a long number keeps every digit", code, ["320101199001010019"], ["320101199001010020"]],
  ["choices repeat", title, ["1", "2"], ["1", "2", "1"]],
  ["yes and no repeat", isCore, [true], [true, true]],
  ["empty cells repeat too", hours, [1, null], [1, null]],
  ["what is no number repeats", hours, ["多", "少"], ["多", "少"]],
  ["what is no day repeats", born, ["2025-02-30"], ["2025-02-30"]],
];

for (const [promise, field, values, expected] of cases) {
  test(promise, () => assert.deepEqual(continueSeries(field, values, expected.length), expected));
}

test("Ctrl turns it round: one number goes on, a day is copied", () => {
  assert.deepEqual(continueSeries(hours, [5], 2, { isToggled: true }), [6, 7]);
  assert.deepEqual(continueSeries(born, ["2025-01-01"], 2, { isToggled: true }), ["2025-01-01", "2025-01-01"]);
});
