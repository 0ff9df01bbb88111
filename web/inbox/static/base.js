// Every page: says what a request was refused for.

const toast = document.getElementById("toast");
let hides = 0;

/** Show a sentence for some seconds. */
export function say(text) {
  if (!toast || !text) return;
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hides);
  hides = setTimeout(() => { toast.hidden = true; }, 8000);
}

/** The headers of a script's own request: without the token nothing is done. */
export function headers(more = {}) {
  const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
  return { "X-CSRF-Token": csrf, "Accept": "application/json", ...more };
}

document.body.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr.responseText;
  const part = new DOMParser().parseFromString(answer, "text/html");
  say(part.querySelector("[role=alert]")?.textContent ?? "");
});
