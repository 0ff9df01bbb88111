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

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Write the times of a part of the page in this browser's own zone. */
export function localise(part) {
  for (const time of part.querySelectorAll("time[data-whole]:not([data-local])")) {
    time.dataset.local = "";
    time.textContent = day.format(new Date(time.dateTime));
  }
}

localise(document);
document.body.addEventListener("htmx:load", (event) => localise(event.target));

document.body.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr.responseText;
  const part = new DOMParser().parseFromString(answer, "text/html");
  say(part.querySelector("[role=alert]")?.textContent ?? "");
});
