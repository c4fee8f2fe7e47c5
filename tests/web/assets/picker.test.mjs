import assert from "node:assert/strict";
import { test } from "node:test";

import { Picker } from "../../../app/web/assets/grid/picker.js";

const teacher = { code: "staff_no", type: "reference" };

function pickerWith(labels) {
  const picker = new Picker("/pick");
  picker.learn({ staff_no: labels });
  return picker;
}

test("a reference is shown with what it is called, other fields are not", () => {
  const picker = pickerWith({ "01001": "张三" });
  assert.equal(picker.labelFor({ values: { staff_no: "01001" } }, teacher), "张三");
  assert.equal(picker.labelFor({ values: { staff_no: "01002" } }, teacher), null);
  assert.equal(picker.labelOf({ code: "staff_no", type: "string" }, "01001"), null);
});

test("key and label together mean the key", () => {
  const picker = pickerWith({ "01001": "张三" });
  assert.equal(picker.keyOf(teacher, "01001 张三"), "01001");
  assert.equal(picker.keyOf(teacher, "01001 李四"), null);
});

test("a name alone means nobody unless a finished search found it once", () => {
  const picker = pickerWith({ "01001": "张三" });
  assert.equal(picker.keyOf(teacher, "张三"), null);
  picker.answers.set("staff_no\n张三", [{ key: "01001", label: "张三" }]);
  assert.equal(picker.keyOf(teacher, "张三"), "01001");
  picker.answers.get("staff_no\n张三").push({ key: "02001", label: "张三" });
  assert.equal(picker.keyOf(teacher, "张三"), null);
});
