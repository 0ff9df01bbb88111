// How something reaches the contact: with an id of its own, a bubble meanwhile, and what the server says in its place.

import { show } from "./chat.js";
import { giveBack, giveNoteBack, refresh, saved } from "./composer.js";
import { send as post } from "./outbox.js";
import { t } from "./texts.js";

const by = (id) => document.getElementById(id);
const path = () => by("composer")?.dataset.path ?? "";

/** An id made here: what is sent with it counts once. Without https browsers have no `randomUUID`. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What may be done in the open chat. */
export function state() {
  const part = by("composer");
  return { writes: part?.dataset.state === "open", reacts: limits().reacts === true };
}

/** What the line takes. */
export function limits() {
  return JSON.parse(by("composer-limits")?.textContent ?? "{}");
}

/** A bubble for what is under way. */
function waitingBubble(id, words) {
  const item = document.createElement("li");
  item.id = `wait-${id}`;
  item.className = "message ours by-agent sending-now";
  item.dataset.at = new Date().toISOString();
  item.dataset.side = "ours";
  const stack = document.createElement("div");
  const bubble = document.createElement("div");
  const text = document.createElement("div");
  const meta = document.createElement("div");
  [stack.className, bubble.className, text.className, meta.className] = ["stack", "bubble", "text", "meta"];
  text.dir = "auto";
  text.textContent = words;
  meta.textContent = t("sending_now");
  bubble.append(text, meta);
  stack.append(bubble);
  item.append(stack);
  return item;
}

function settleWaiting(id, entries, chat) {
  if (chat !== path()) return; // it is shown when that chat is opened again
  const waits = by(`wait-${id}`);
  // Where the stream was quicker the bubble stands there already; else it takes the waiting one's place.
  if (waits && entries.length && !by(entries[0].id)) {
    const item = document.createElement("li");
    item.id = entries[0].id;
    waits.replaceWith(item);
  } else waits?.remove();
  show(entries);
}

/**
 * Send the contact something.
 *
 * @param {object} said What is said, as the server reads it.
 * @param {{chat?: string, words?: string|null, replyTo?: string}} shown The chat, whatever is open by now; the words of the
 *   bubble until the server's is there, null is none.
 * @returns {Promise<string|null>} Why it was refused; null where it was sent, or waits for the network.
 */
export async function deliver(said, { chat = path(), words = "", replyTo = "0" } = {}) {
  const id = newId();
  const url = `${chat}/send`;
  if (words !== null && chat === path()) by("messages")?.append(waitingBubble(id, words));
  await saved();
  const form = new FormData();
  form.set("client", id);
  form.set("message", JSON.stringify(said));
  form.set("reply_to", replyTo);
  return await settled(id, await post(form, { url, id }), chat);
}

async function settled(id, answer, chat) {
  if (answer === null) {
    const meta = by(`wait-${id}`)?.querySelector(".meta");
    if (meta) meta.textContent = t("waits_for_network");
    return null;
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) {
    settleWaiting(id, told.entries, chat);
    return null;
  }
  by(`wait-${id}`)?.remove();
  // Once the words are back in the box: the composer that comes keeps them as the draft.
  if (told?.code === "window_shut" || told?.code === "held_by_another") setTimeout(refresh);
  return told?.error ?? t("server_away");
}

document.addEventListener("outbox:sent", ({ detail }) => {
  if (!by(`wait-${detail.id}`)) return;
  try {
    settleWaiting(detail.id, JSON.parse(detail.text).entries, path());
  } catch {
    by(`wait-${detail.id}`)?.remove();
  }
});

document.addEventListener("outbox:refused", ({ detail }) => {
  // The words return to the page that shows them, and to the one that posted them, as the first may be gone.
  if (detail.isElsewhere && !by(`wait-${detail.id}`)) return;
  const [chat, deed] = detail.url.split(/\/(?=[^/]*$)/);
  if (deed !== "send" && deed !== "notes") return;
  let why = t("server_away");
  try {
    why = JSON.parse(detail.text).error ?? why;
  } catch { /* the server's own words are lost */ }
  by(`wait-${detail.id}`)?.remove();
  const fields = Object.fromEntries(detail.fields);
  if (deed === "notes") {
    giveNoteBack(fields.text, t("not_sent", { why }), chat);
    return;
  }
  const said = JSON.parse(fields.message);
  giveBack(said.kind === "text" ? said.text : "", t("not_sent", { why }), chat);
});
