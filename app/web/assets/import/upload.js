/**
 * Sending a file with visible progress.
 */

import { forgeryToken, problemOf, RequestProblem } from "../common/http.js";

function readAnswer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/**
 * Send a form. `fetch` cannot tell how far a file has got; the older interface can.
 * @param {string} url
 * @param {FormData} form
 * @param {function(number): void} onProgress told the share sent, 0 to 1
 * @returns {Promise<object>}
 * @throws {RequestProblem}
 */
export function upload(url, form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", forgeryToken());
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) onProgress(loaded / total);
    });
    request.addEventListener("error", () => reject(new RequestProblem("offline", 0, null)));
    request.addEventListener("load", () => {
      const answer = readAnswer(request);
      const isDone = request.status >= 200 && request.status < 300;
      if (isDone && answer) resolve(answer);
      else reject(problemOf(request.status, answer, isDone));
    });
    request.send(form);
  });
}
