// What is written: sent once however often it is tapped, kept as a draft, a note, an answer, a canned reply, a template.

import { headers, say } from "./base.js";
import { closeCanned, offerCanned, pick, steersCanned } from "./canned.js";
import { show } from "./chat.js";
import { deliver, limits, newId } from "./deliver.js";
import { drawFiles, dropFile, files, uploadAll } from "./files.js";
import { AGAIN, forgetDrafts, keepDraft, send as post } from "./outbox.js";
import { openTemplates, sendTemplate } from "./picking.js";
import { t } from "./texts.js";
import { clockOf, setWindow } from "./times.js";

const DRAFT_MS = 700;
const ASKS_AGAIN_MS = 5_000;
const BOX_MOST_PX = 168;
const ENTER = "parley.enter";

const by = (id) => document.getElementById(id);
const composer = () => by("composer");
/** Where it is written. */
export const box = () => by("text");
/** Where the chat is. */
export const path = () => composer()?.dataset.path ?? "";

let shown = null;
let drafts = 0;
let saving = Promise.resolve();
let savedText = "";
let other = ""; // the words of the mode that is not shown: a note is never sent as a message by a slip
let closes = 0;

/** The notes that are not ready, by chat. */
const notes = new Map();

/** Whether a note is written. */
export const isNote = () => composer().classList.contains("noting");

// --- the box ----------------------------------------------------------------------------------------------------------

/** Give the box the height of its words, and count them. */
export function grow() {
  const area = box();
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, BOX_MOST_PX)}px`;
  const most = isNote() ? 8000 : files().length ? limits().caption : limits().text;
  const over = area.value.length - (most ?? Infinity);
  by("over").hidden = over <= 0;
  by("over").textContent = over > 0 ? t("signs_over", { n: over }) : "";
  by("send").disabled = over > 0;
}

/** Put words where the cursor is. */
export function insert(words) {
  const area = box();
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

/** Put these words into the box. */
export function write(words) {
  box().value = words;
  grow();
}

/** Say why something was not done. */
export function refuse(words) {
  const part = by("refused");
  if (!part) return;
  part.hidden = !words;
  part.textContent = words ?? "";
}

function setNote(on) {
  const part = composer();
  if (isNote() === on) return;
  const words = box().value;
  part.classList.toggle("noting", on);
  const form = by("writing");
  form.toggleAttribute("data-note", on);
  form.hidden = !on && form.dataset.can === "note";
  for (const button of part.querySelectorAll("[data-note-mode]")) button.setAttribute("aria-pressed", String(on));
  const label = t(on ? "write_note" : "write_reply");
  box().placeholder = label;
  box().labels[0].textContent = label;
  by("send").setAttribute("aria-label", t(on ? "save_note" : "send_message"));
  write(other);
  other = words;
  refuse(null);
  if (!form.hidden) box().focus();
}

// --- drafts --------------------------------------------------------------------------------------------------------------

/** Keep the draft when nothing is typed for a moment. */
export function draftSoon() {
  clearTimeout(drafts);
  drafts = setTimeout(saveDraft, DRAFT_MS);
}

/** The draft on its way; what is sent comes after it. */
export const saved = () => saving;

function draftForm(words, quoted) {
  const form = new FormData();
  form.set("text", words);
  form.set("reply_to", quoted || "0");
  return form;
}

/** Keep what stands in the box on the server, where the agent's other browsers find it. */
function saveDraft({ leaving = false } = {}) {
  clearTimeout(drafts);
  const part = composer();
  if (!part || by("writing").dataset.can !== "write") return saving;
  const words = isNote() ? other : box().value;
  const key = `${words}\n${by("quoting").dataset.id}`;
  if (key === savedText) return saving;
  savedText = key;
  const form = draftForm(words, by("quoting").dataset.id);
  const url = `${path()}/draft`;
  const sent = { method: "POST", body: new URLSearchParams(form), headers: headers(), keepalive: leaving };
  const waits = () => keepDraft(url, form);
  saving = fetch(url, sent).then((answer) => (AGAIN.has(answer.status) ? waits() : forgetDrafts(url)), waits);
  return saving;
}

document.addEventListener("visibilitychange", () => { if (document.hidden) saveDraft({ leaving: true }); });
addEventListener("pagehide", () => saveDraft({ leaving: true }));

// --- answers to one message -------------------------------------------------------------------------------------------------

const quotedWords = () => by("quoting").querySelector(".quote > span");

function setQuote(id, words) {
  by("quoting").dataset.id = id;
  by("quoting").hidden = !id;
  quotedWords().textContent = words;
}

/** Answer one message. */
export function quote(item) {
  const words = item?.querySelector(".text")?.innerText ?? item?.querySelector("[data-name], .attachment > span, .place strong")?.innerText ?? "";
  setQuote(item ? item.dataset.id : "", words || item?.querySelector("img")?.dataset.name || "");
  draftSoon();
  if (item) {
    setNote(false);
    box().focus();
  }
}

/** Put an emoji on a message of the contact's, or take it back. */
export function react(item, emoji) {
  return deliver({ kind: "reaction", to: item.dataset.external, emoji }, { words: null });
}

// --- sending --------------------------------------------------------------------------------------------------------------------

const busy = new Set();

async function submit() {
  const chat = path();
  if (busy.has(chat)) return;
  const words = box().value.trim();
  refuse(null);
  if (isNote()) {
    if (words) await keepNote(words);
    return;
  }
  if (files().length) {
    busy.add(chat);
    composer().classList.add("busy");
    await sendFiles(chat, words).finally(() => {
      busy.delete(chat);
      composer()?.classList.toggle("busy", busy.has(path()));
    });
    return;
  }
  if (!words) return;
  const replyTo = by("quoting").dataset.id || "0";
  clearTimeout(drafts);
  write("");
  quote(null);
  clearTimeout(drafts);
  savedText = "\n";
  forgetDrafts(`${chat}/draft`);
  const why = await deliver({ kind: "text", text: words }, { chat, words, replyTo });
  if (why) giveBack(words, why, chat);
}

/** Put back what was not sent, unless something else is written by now; where another chat is open, as its own's draft. */
export function giveBack(words, why, chat) {
  if (chat !== path()) {
    say(words ? t("not_sent_there", { why }) : why);
    if (words) keepDraft(`${chat}/draft`, draftForm(words, ""));
    return;
  }
  if (box() && !box().value) {
    write(words);
    draftSoon();
  }
  refuse(why);
}

async function sendFiles(chat, words) {
  let replyTo = by("quoting").dataset.id || "0";
  const ready = await uploadAll(chat);
  if (!ready) return;
  let caption = words;
  for (const file of ready) {
    const takes = ["image", "video", "document"].includes(file.kind);
    const said = { kind: "file", file: file.key, name: file.name, caption: takes ? caption : "" };
    const why = await deliver(said, { chat, words: file.name, replyTo });
    if (why) {
      giveBack("", why, chat);
      return;
    }
    dropFile(file);
    replyTo = "0";
    if (takes) caption = "";
    if (!caption) taken(chat, words);
  }
  if (!caption) return;
  taken(chat, words);
  const why = await deliver({ kind: "text", text: caption }, { chat, words: caption });
  if (why) giveBack(caption, why, chat);
}

/** What was written has left: neither the box nor the draft has it any longer. */
function taken(chat, words) {
  if (chat !== path()) {
    if (words) keepDraft(`${chat}/draft`, draftForm("", ""));
    return;
  }
  setQuote("", "");
  if (box().value.trim() === words) write("");
  saveDraft();
}

async function keepNote(words) {
  const id = newId();
  const chat = path();
  write("");
  notes.delete(chat);
  const form = new FormData();
  form.set("client", id);
  form.set("text", words);
  const answer = await post(form, { url: `${chat}/notes`, id });
  if (answer === null) {
    giveBack("", t("network_away"), chat);
    return;
  }
  const told = await answer.json().catch(() => null);
  if (!answer.ok || !told) giveNoteBack(words, told?.error ?? t("server_away"), chat);
  else if (chat === path()) {
    show(told.entries);
    setNote(false);
  }
}

/** Put back a note that was not kept: it stays a note, whatever is written by now. */
export function giveNoteBack(words, why, chat) {
  notes.set(chat, notes.get(chat) || words);
  if (chat !== path()) say(why);
  else {
    if (!isNote()) other ||= words;
    else if (!box().value) write(words);
    refuse(why);
  }
}

// --- what is pressed and typed ---------------------------------------------------------------------------------------------------

const sendsWithEnter = () => (localStorage.getItem(ENTER) ?? (matchMedia("(hover: none)").matches ? "lines" : "sends")) === "sends";

document.addEventListener("input", ({ target }) => {
  if (target.id === "enter-lines") localStorage.setItem(ENTER, target.checked ? "lines" : "sends");
  if (target !== box() || !target) return;
  grow();
  offerCanned();
  if (isNote()) notes.set(path(), box().value);
  else draftSoon();
});

document.addEventListener("focusout", ({ target }) => {
  if (target === box() && target) saveDraft();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || !event.target || event.isComposing) return;
  if (steersCanned(event)) {
    event.preventDefault();
    return;
  }
  if (event.key === "Escape") {
    if (!by("canned").hidden) closeCanned();
    else if (isNote()) setNote(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const wants = event.ctrlKey || event.metaKey || (sendsWithEnter() && !event.shiftKey);
  if (event.key !== "Enter" || !wants) return;
  event.preventDefault();
  submit();
}, true);

document.addEventListener("submit", (event) => {
  if (event.target.id !== "writing") return;
  event.preventDefault();
  submit();
});

document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-note-mode], [data-note-off], [data-quote-off], [data-canned], [data-templates], [data-send-template], [data-close-dialog]");
  if (!part || !composer()) return;
  const { dataset } = part;
  if ("noteMode" in dataset) setNote(!isNote());
  else if ("noteOff" in dataset) setNote(false);
  else if ("quoteOff" in dataset) quote(null);
  else if ("closeDialog" in dataset) part.closest("dialog").close();
  else if ("sendTemplate" in dataset && part.closest("#chat")) sendTemplate(part);
  else if ("templates" in dataset) {
    by("more").hidePopover();
    openTemplates();
  } else if (part.matches("li")) pick(Number(dataset.canned));
  else if ("canned" in dataset) {
    by("more").hidePopover();
    if (!box().value) write("/");
    box().focus();
    offerCanned();
  }
});

// --- swaps, and time -----------------------------------------------------------------------------------------------------------

/** Ask for the composer anew: the window closed or opened, another holds the chat. What is written stays. */
export async function refresh() {
  const part = composer();
  if (!part) return;
  await saveDraft();
  if (!part.isConnected) return;
  await htmx.ajax("GET", `${path()}/composer`, { target: "#composer", swap: "outerHTML" }).catch(() => {});
}

let kept = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "composer" || !box()) return;
  saveDraft();
  kept = { path: path(), words: isNote() ? other : box().value, noting: isNote(), at: document.activeElement === box() ? box().selectionStart : null, quoted: by("quoting").dataset.id, quotedWords: quotedWords().textContent };
});

/** Begin with the composer that is shown now, if it is another one. */
function begin() {
  const part = composer();
  if (!part || shown === part) return;
  shown = part;
  other = notes.get(path()) ?? "";
  const can = by("writing").dataset.can === "write";
  if (kept?.path === path()) {
    if (can && kept.words) box().value = kept.words;
    if (can) setQuote(kept.quoted, kept.quotedWords);
    if (kept.noting) {
      part.classList.remove("noting");
      setNote(true);
    }
    if (kept.at !== null && !by("writing").hidden) {
      box().focus();
      box().setSelectionRange(kept.at, kept.at);
    }
  }
  kept = null;
  savedText = `${box().value}\n${by("quoting").dataset.id}`;
  by("enter-lines").checked = !sendsWithEnter();
  part.classList.toggle("busy", busy.has(path()));
  drawFiles();
  const countdown = document.querySelector(".chat-head .window[data-closes]");
  if (countdown) setWindow(countdown, part.dataset);
  watchWindow(part);
}

/** Turn the composer when the window closes; the server's clock counts, not the browser's. */
function watchWindow(part) {
  clearTimeout(closes);
  if (part.dataset.state !== "open" || !part.dataset.closes) return;
  const left = Date.parse(part.dataset.closes) - clockOf(part);
  // A timer holds 24 days at most, and a sleeping computer none at all: it is looked at again.
  closes = setTimeout(() => (left <= 30_000 ? turn(part) : watchWindow(part)), Math.max(0, Math.min(left, 30_000)));
}

/** Ask for what the composer is now, again and again where the network is away: a computer may just wake up. */
async function turn(part) {
  await refresh();
  if (part.isConnected) closes = setTimeout(() => turn(part), ASKS_AGAIN_MS);
}

document.addEventListener("parley:held", ({ detail }) => {
  const part = composer();
  if (!part || !detail.closes) return;
  const opens = Date.parse(detail.closes) > Date.parse(part.dataset.closes ?? "1970-01-01") + 120_000;
  if (opens && part.dataset.state === "shut") refresh();
  else if (opens && part.dataset.state === "open") {
    part.dataset.closes = new Date(Date.parse(detail.closes) - 60_000).toISOString();
    watchWindow(part);
  }
});

// Not only when it has settled: what is typed until then would be lost.
document.addEventListener("htmx:afterSwap", begin);
document.addEventListener("htmx:afterSettle", begin);
begin();
