// The page's only way to the server: calls that raise with readable words, and the stream of states.

import { base, errorWords, t } from "./dom.js";

async function answerOf(response) {
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(errorWords(problem.code) ?? problem.error ?? t("error_network"));
}

async function post(path, init) {
  let response;
  try {
    response = await fetch(`${base}/api/${path}`, { method: "POST", ...init });
  } catch {
    throw new Error(t("error_network"));
  }
  return answerOf(response);
}

/** Post `values` as JSON; returns the answer, raises an Error with words for the person. */
export function call(path, values) {
  return post(path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(values) });
}

/** Send a file of the contact's with its caption. */
export function upload(contact, file, caption) {
  const form = new FormData();
  form.append("contact", contact);
  form.append("caption", caption);
  form.append("file", file, file.name);
  return post("media", { body: form });
}

/**
 * Follow one contact's phone. `onState` gets every new state; `onLost` hears of a broken line, with whether the browser
 * has given it up. Returns a stop.
 */
export function follow(contact, onState, onLost) {
  const source = new EventSource(`${base}/events?contact=${encodeURIComponent(contact)}`);
  source.addEventListener("state", (event) => onState(JSON.parse(event.data)));
  source.addEventListener("error", () => onLost(source.readyState === EventSource.CLOSED));
  return () => source.close();
}
