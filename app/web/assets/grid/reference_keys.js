/** References that are called by name: the keys of the rows that are meant. */

import { requestJson } from "../common/http.js";
import { isEmpty } from "./values.js";

const mostTexts = 2000;

/**
 * Ask for the keys of the rows that are called so; a name that several rows have means none of them.
 * @returns {Promise<Object<string, string>>} key by text
 */
export async function lookUpKeys({ addresses, scope }, field, texts) {
  const { keysUrl } = addresses;
  if (!keysUrl) return {};
  const body = { period: scope.period, field: field.code, texts: texts.slice(0, mostTexts) };
  const { keys } = await requestJson(keysUrl, { method: "POST", body });
  return keys;
}

/** Put the key in the place of a name that was typed faster than the list of choices came. */
export async function settleReference(app, row, field, text) {
  if (field.type !== "reference" || isEmpty(text) || app.picker.labelOf(field, text)) return;
  // Without an answer the name stays what it is; the server says what is wrong with it.
  const keys = await lookUpKeys(app, field, [text]).catch(() => ({}));
  const key = keys[text];
  if (key !== undefined && key !== text) app.sheet.amend(row, field, text, key);
}
