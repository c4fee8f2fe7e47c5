/**
 * Sending explanations: one text for one finding or for many, so many at once as the server takes.
 */

import { requestJson } from "../common/http.js";

/**
 * Explain findings of a place.
 * @param {string} url
 * @param {{period: string, department: string}} scope
 * @param {object[]} findings
 * @param {string} text
 * @param {number} mostAtOnce
 * @returns {Promise<string|null>} why not, null when all are explained
 */
export async function sendExplanation(url, scope, findings, text, mostAtOnce = 1000) {
  try {
    for (let start = 0; start < findings.length; start += mostAtOnce) {
      const some = findings.slice(start, start + mostAtOnce);
      const named = some.map(({ mark, seen }) => (seen ? { mark, seen } : { mark }));
      await requestJson(url, { method: "POST", body: { ...scope, findings: named, text } });
    }
    return null;
  } catch (problem) {
    if (!problem.kind) throw problem;
    return problem.message;
  }
}
