/** Fields and helpers shared by the tests of the grid. */


globalThis.pageTexts = { yes: "是", no: "否" };

export const code = { code: "code", label: "课程代码", type: "string", key: true, required: true };
export const name = { code: "name", label: "课程名称", type: "string", max_length: 5, required: true };
export const hours = { code: "hours", label: "学时", type: "integer", minimum: 1, maximum: 200 };
export const credit = { code: "credit", label: "学分", type: "number", scale: 1, maximum: 60 };
export const isCore = { code: "is_core", label: "核心", type: "boolean" };
export const opened = { code: "opened", label: "开设年月", type: "yearmonth" };
export const born = { code: "born", label: "出生日期", type: "date" };
export const title = {
  code: "title",
  label: "职称",
  type: "code",
  codes: [
    { code: "1", label: "教授" },
    { code: "2", label: "副教授" },
    { code: "3", label: "讲师" },
  ],
};
export const fields = [code, name, hours, credit];
