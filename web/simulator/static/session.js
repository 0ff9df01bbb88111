// What every part of the page shares: whose phone it is, the last state, the line's time, and how a deed is sent.

import { call } from "./api.js";
import { byId, start } from "./dom.js";

const TOAST_MS = 4000;

export const session = {
  contact: start,
  state: null,
  skew: 0, // the line's time less the browser's, in ms
};

export const now = () => new Date(Date.now() + session.skew);

let toastTimer;

/** Say something to the person at the page for a moment. */
export function toast(words, bad = false) {
  const note = byId("toast");
  note.textContent = words;
  note.className = bad ? "toast bad" : "toast";
  note.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { note.hidden = true; }, TOAST_MS);
}

/** Do something that may fail: its result, or null once the failure has been told. */
export async function attempt(deed) {
  try {
    return await deed();
  } catch (problem) {
    toast(problem.message, true);
    return null;
  }
}

/** Send a deed of the contact whose phone this is. */
export const send = (path, values) => attempt(() => call(path, { contact: session.contact, ...values }));
