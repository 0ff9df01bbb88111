// What is written: sent once however often it is tapped, kept as a draft, a note, an answer, a canned reply, a template.

import { headers } from "./base.js";
import { closeCanned, offerCanned, pick, steersCanned } from "./canned.js";
import { show } from "./chat.js";
import { deliver, limits, newId } from "./deliver.js";
import { clearFiles, files, uploadAll } from "./files.js";
import { keepDraft, send as post } from "./outbox.js";
import { openTemplates, sendTemplate } from "./picking.js";
import { t } from "./texts.js";

const DRAFT_MS = 700;
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

/** Whether a note is written. */
export const isNote = () => composer().classList.contains("noting");

// --- the box ----------------------------------------------------------------------------------------------------------

function grow() {
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

/** Keep what stands in the box on the server, where the agent's other browsers find it. */
function saveDraft({ leaving = false } = {}) {
  clearTimeout(drafts);
  const part = composer();
  if (!part || by("writing").dataset.can !== "write") return saving;
  const words = isNote() ? other : box().value;
  const key = `${words}\n${by("quoting").dataset.id}`;
  if (key === savedText) return saving;
  savedText = key;
  const form = new FormData();
  form.set("text", words);
  form.set("reply_to", by("quoting").dataset.id || "0");
  const url = `${path()}/draft`;
  const sent = { method: "POST", body: new URLSearchParams(form), headers: headers(), keepalive: leaving };
  saving = fetch(url, sent).catch(() => keepDraft(url, form));
  return saving;
}

document.addEventListener("visibilitychange", () => { if (document.hidden) saveDraft({ leaving: true }); });
addEventListener("pagehide", () => saveDraft({ leaving: true }));

// --- answers to one message -------------------------------------------------------------------------------------------------

/** Answer one message. */
export function quote(item) {
  const words = item?.querySelector(".text")?.innerText ?? item?.querySelector("[data-name], .attachment > span, .place strong")?.innerText ?? "";
  by("quoting").dataset.id = item ? item.dataset.id : "";
  by("quoting").hidden = !item;
  by("quoting").querySelector(".quote > span").textContent = words || item?.querySelector("img")?.dataset.name || "";
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

let busy = false;

async function submit() {
  if (busy) return;
  const words = box().value.trim();
  refuse(null);
  if (isNote()) {
    if (words) await keepNote(words);
    return;
  }
  if (files().length) {
    busy = true;
    composer().classList.add("busy");
    await sendFiles(words).finally(() => {
      busy = false;
      composer()?.classList.remove("busy");
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
  const why = await deliver({ kind: "text", text: words }, { words, replyTo });
  if (why) giveBack(words, why);
}

/** Put back what was not sent, unless something else is written by now. */
export function giveBack(words, why) {
  if (box() && !box().value) {
    write(words);
    draftSoon();
  }
  refuse(why);
}

async function sendFiles(words) {
  let replyTo = by("quoting").dataset.id || "0";
  const ready = await uploadAll(path());
  if (!ready) return;
  let caption = words;
  for (const file of ready) {
    const takes = ["image", "video", "document"].includes(file.kind);
    const said = { kind: "file", file: file.key, name: file.name, caption: takes ? caption : "" };
    const why = await deliver(said, { words: file.name, replyTo });
    if (why) {
      refuse(why);
      return;
    }
    if (takes) caption = "";
    replyTo = "0";
  }
  clearFiles();
  quote(null);
  write("");
  if (caption) {
    const why = await deliver({ kind: "text", text: caption }, { words: caption });
    if (why) giveBack(caption, why);
  }
  saveDraft();
}

async function keepNote(words) {
  const id = newId();
  write("");
  const form = new FormData();
  form.set("client", id);
  form.set("text", words);
  const answer = await post(form, { url: `${path()}/notes`, id });
  if (answer === null) {
    refuse(t("network_away"));
    return;
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) {
    show(told.entries);
    setNote(false);
  } else giveBack(words, told?.error ?? t("server_away"));
}

// --- what is pressed and typed ---------------------------------------------------------------------------------------------------

const sendsWithEnter = () => (localStorage.getItem(ENTER) ?? (matchMedia("(hover: none)").matches ? "lines" : "sends")) === "sends";

document.addEventListener("input", ({ target }) => {
  if (target.id === "enter-lines") localStorage.setItem(ENTER, target.checked ? "lines" : "sends");
  if (target !== box() || !target) return;
  grow();
  offerCanned();
  if (!isNote()) draftSoon();
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
  if (part.isConnected) htmx.ajax("GET", `${path()}/composer`, { target: "#composer", swap: "outerHTML" });
}

let kept = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "composer" || !box()) return;
  kept = { path: path(), words: isNote() ? other : box().value, note: isNote() ? box().value : other, noting: isNote(), at: document.activeElement === box() ? box().selectionStart : null };
});

/** Begin with the composer that is shown now, if it is another one. */
function begin() {
  const part = composer();
  if (!part || shown === part) return;
  shown = part;
  other = "";
  const can = by("writing").dataset.can === "write";
  if (kept?.path === path()) {
    if (can && kept.words) box().value = kept.words;
    other = kept.note;
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
  grow();
  watchWindow(part);
}

/** Turn the composer when the window closes; the server's clock counts, not the browser's. */
function watchWindow(part) {
  clearTimeout(closes);
  if (part.dataset.state !== "open" || !part.dataset.closes) return;
  const ahead = Date.parse(part.dataset.now) - Date.now();
  const left = Date.parse(part.dataset.closes) - Date.now() - ahead;
  // A timer holds 24 days at most, and a sleeping computer none at all: it is looked at again.
  closes = setTimeout(() => (left <= 30_000 ? refresh() : watchWindow(part)), Math.max(0, Math.min(left, 30_000)));
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
