// The simulator page: follows one contact's phone, shows its state, and turns a person's deeds into calls.

import { call, follow, upload } from "./api.js";
import { base, byId, fileBytes, h, icon, initials, start, suggestions, t } from "./dom.js";
import { dayName, dayOf, duration } from "./format.js";
import { messageItem } from "./message.js";
import { showClock, showContacts, showPosition, showTrace, showWindow } from "./panel.js";
import { closeSheet, openSheet, row } from "./sheet.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "🙏", "🎉"];
const PLACES = [
  { name: "Old Town Square", address: "Market Street 1", latitude: 48.137, longitude: 11.576 },
  { name: "Central Station", address: "Station Road 12", latitude: 48.1402, longitude: 11.558 },
  { name: "University Library", address: "College Lane 7", latitude: 48.1507, longitude: 11.5806 },
];
const LONG_PAUSE_S = 12 * 3600;

let contact = start;
let state = null;
let skew = 0; // the line's time less the browser's, in ms
let stop = () => {};
const seen = new Map();
const drafts = new Map();
const shown = new Map(); // message id -> { json, item }

const talk = byId("talk");
const box = byId("message");
const now = () => new Date(Date.now() + skew);

// --- saying something to the person at the page ---------------------------------------------------

let toastTimer;
function toast(words, bad = false) {
  const note = byId("toast");
  note.textContent = words;
  note.className = bad ? "toast bad" : "toast";
  note.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { note.hidden = true; }, 4000);
}

async function attempt(deed) {
  try {
    return await deed();
  } catch (problem) {
    toast(problem.message, true);
    return null;
  }
}

// --- deeds ------------------------------------------------------------------------------------------

const send = (path, values) => attempt(() => call(path, { contact, ...values }));

const on = {
  tap: (message, option) => send("tap", { message: message.external_id, option: option.id, title: option.title }),
  react: (message, emoji) => send("react", { message: message.external_id, emoji }),
  openList(message) {
    const parts = [];
    let section = null;
    for (const option of message.options) {
      if (option.section !== section && option.section) parts.push(h("h3", { dir: "auto" }, option.section));
      if (!parts.length || option.section !== section) parts.push(h("ul", { class: "rows" }));
      section = option.section;
      const choose = () => {
        closeSheet();
        send("choose", { message: message.external_id, option: option.id, title: option.title, description: option.description });
      };
      const mark = h("span", { class: "radio" }, icon("check"));
      parts[parts.length - 1].append(row(option.title, option.description, mark, option.chosen, choose));
    }
    openSheet(message.label, ...parts);
  },
  openPlaces(message) {
    const go = (place) => {
      closeSheet();
      send("location", { message: message?.external_id ?? null, ...place });
    };
    const places = PLACES.map((place) => row(place.name, place.address, icon("pin"), false, () => go(place)));
    const form = h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          const values = new FormData(form);
          go({ name: values.get("name") || null, address: null, latitude: Number(values.get("latitude")), longitude: Number(values.get("longitude")) });
        },
      },
      h("label", {}, t("location_name"), h("input", { name: "name", dir: "auto", maxlength: 100 })),
      h(
        "div",
        { class: "pair" },
        h("label", {}, t("latitude"), h("input", { name: "latitude", type: "number", required: true, min: -90, max: 90, step: "any", value: "48.1372" })),
        h("label", {}, t("longitude"), h("input", { name: "longitude", type: "number", required: true, min: -180, max: 180, step: "any", value: "11.5755" })),
      ),
      h("button", { type: "submit", class: "solid-button" }, t("share_location")),
    );
    openSheet(t("send_location"), h("h3", {}, t("places")), h("ul", { class: "rows" }, ...places), h("h3", {}, t("place_own")), form);
  },
  openEmoji(message, anchor) {
    const mine = message.reactions.find((one) => one.mine)?.emoji;
    const item = anchor.closest(".message");
    const menu = h("div", { class: "menu emoji-menu", role: "menu" }, ...EMOJI.map((emoji) =>
      h("button", { type: "button", role: "menuitemcheckbox", "aria-checked": String(emoji === mine), "aria-label": t("react_with", { emoji }), onclick: () => { close(); on.react(message, emoji === mine ? null : emoji); } }, emoji),
    ));
    const close = () => { menu.remove(); anchor.focus(); document.removeEventListener("pointerdown", outside); };
    const outside = (event) => { if (!menu.contains(event.target)) close(); };
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); moveInMenu(menu, event); });
    document.addEventListener("pointerdown", outside);
    byId("screen").append(menu);
    const bounds = byId("screen").getBoundingClientRect();
    const bubble = item.querySelector(".bubble").getBoundingClientRect();
    menu.style.top = `${Math.max(bubble.top - bounds.top - 52, 70)}px`;
    menu.style.insetInlineStart = "14px";
    menu.querySelector("button").focus();
  },
};

function moveInMenu(menu, event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}

// --- showing the state --------------------------------------------------------------------------------

function chip(words) {
  return h("li", { class: "chip" }, words);
}

function chipBefore(message, previous) {
  const at = new Date(message.at);
  if (!previous) return [chip(dayName(at, now()))];
  const before = new Date(previous.at);
  const gap = (at - before) / 1000;
  if (gap >= LONG_PAUSE_S) return [chip(`${dayName(at, now())} · ${t("skipped", { duration: duration(gap) })}`)];
  return dayOf(at) === dayOf(before) ? [] : [chip(dayName(at, now()))];
}

const isAtEnd = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;

/** Bring the list in line with the state, touching only what changed: a screen reader hears only what is new. */
function showMessages() {
  const list = byId("messages");
  const atEnd = isAtEnd();
  const wanted = [];
  let previous = null;
  for (const message of state.messages) {
    const chips = chipBefore(message, previous);
    const first = !previous || previous.mine !== message.mine || chips.length > 0;
    const json = JSON.stringify([message, first]);
    const known = shown.get(message.id);
    const item = known?.json === json ? known.item : messageItem(message, first, on);
    shown.set(message.id, { json, item });
    wanted.push(...chips, item);
    previous = message;
  }
  for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  if (atEnd) talk.scrollTop = talk.scrollHeight;
  showEmpty();
}

function showEmpty() {
  const empty = byId("empty");
  const nothing = state.messages.length === 0;
  if (nothing && empty.hidden) {
    const tries = suggestions.map((words) => h("button", { type: "button", dir: "auto", onclick: () => send("say", { text: words }) }, words));
    empty.replaceChildren(
      h("h3", { dir: "auto" }, t("empty_title", { name: state.contact.name })),
      h("p", {}, t("empty_text")),
      h("div", { class: "tries", role: "group", "aria-label": t("empty_try") }, ...tries),
    );
  }
  empty.hidden = !nothing;
}

/** Whether the bot is at it: it told so, or a code step runs. */
function showTyping() {
  const until = state.typing_until ? new Date(state.typing_until) : null;
  const typing = state.conversation?.busy === true || (until !== null && until > now());
  const words = typing ? t("typing") : t("chat_with", { name: state.contact.name });
  if (byId("presence").textContent !== words) byId("presence").textContent = words;
  if (byId("typing").hidden !== typing) return;
  const atEnd = isAtEnd();
  byId("typing").hidden = !typing;
  if (atEnd) talk.scrollTop = talk.scrollHeight;
}

function tick() {
  if (state === null) return;
  showTyping();
  showClock(state, now());
  showWindow(state, now());
}

function show(next) {
  state = next;
  skew = new Date(state.now) - Date.now();
  seen.set(contact, state.contacts.find((one) => one.phone === contact)?.last_id ?? null);
  byId("line-name").textContent = t("line_name");
  byId("line-avatar").textContent = initials(t("line_name"));
  talk.setAttribute("aria-label", t("chat_with", { name: state.contact.name }));
  showMessages();
  showContacts(state, seen, switchTo);
  showPosition(state);
  showTrace(state);
  tick();
  document.body.dataset.ready = contact;
}

function lost() {
  byId("presence").textContent = t("connecting");
}

function switchTo(phone) {
  closeDrawers();
  if (phone !== contact || state === null) {
    drafts.set(contact, box.value);
    contact = phone;
    box.value = drafts.get(contact) ?? "";
    grow();
    shown.clear();
    byId("messages").replaceChildren();
    byId("empty").hidden = true;
    history.replaceState(null, "", `${base}?contact=${encodeURIComponent(contact)}`);
    stop();
    stop = follow(contact, show, lost);
  }
  if (matchMedia("(hover: hover)").matches) box.focus({ preventScroll: true });
}

// --- the composer -------------------------------------------------------------------------------------------

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 128)}px`;
}

async function submit() {
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  grow();
  talk.scrollTop = talk.scrollHeight;
  if ((await send("say", { text })) === null && !box.value) box.value = text;
}

box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

const attach = byId("attach");
const attachMenu = byId("attach-menu");

function openAttach(open) {
  attachMenu.hidden = !open;
  attach.setAttribute("aria-expanded", String(open));
  if (open) attachMenu.querySelector("button").focus();
}

attach.addEventListener("click", () => openAttach(attachMenu.hidden));
attachMenu.addEventListener("keydown", (event) => {
  moveInMenu(attachMenu, event);
  if (event.key !== "Escape") return;
  openAttach(false);
  attach.focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".attach")) openAttach(false);
});
byId("attach-location").addEventListener("click", () => {
  openAttach(false);
  attach.focus();
  on.openPlaces(null);
});
byId("attach-file").addEventListener("click", () => {
  openAttach(false);
  attach.focus();
  byId("file").click();
});

byId("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) openFile(file);
});

function openFile(file) {
  if (file.size > fileBytes) {
    toast(t("error_file_too_big", { mb: Math.floor(fileBytes / 1024 / 1024) }), true);
    return;
  }
  const url = URL.createObjectURL(file);
  const kind = file.type.split("/")[0];
  const preview =
    kind === "image" ? h("img", { src: url, alt: file.name })
    : kind === "video" ? h("video", { src: url, muted: true, "aria-label": file.name })
    : h("span", { class: "attachment" }, icon("file"), file.name);
  const form = h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        const caption = new FormData(form).get("caption");
        closeSheet();
        attempt(() => upload(contact, file, caption)).finally(() => URL.revokeObjectURL(url));
      },
    },
    h("div", { class: "preview" }, preview),
    h("label", {}, t("caption"), h("input", { name: "caption", dir: "auto", maxlength: 1024 })),
    h("button", { type: "submit", class: "solid-button" }, t("send")),
  );
  openSheet(t("send_file"), form);
}

// --- the panels ------------------------------------------------------------------------------------------------

const drawers = [[byId("open-start"), byId("side-start")], [byId("open-end"), byId("side-end")]];

function closeDrawers() {
  for (const [button, side] of drawers) {
    side.classList.remove("open");
    button.setAttribute("aria-expanded", "false");
  }
  byId("side-backdrop").hidden = true;
  byId("screen").inert = false;
}

for (const [button, side] of drawers) {
  const close = () => {
    closeDrawers();
    button.focus();
  };
  button.addEventListener("click", () => {
    side.classList.add("open");
    button.setAttribute("aria-expanded", "true");
    byId("side-backdrop").hidden = false;
    byId("screen").inert = true;
    side.querySelector("[data-close]").focus({ preventScroll: true });
  });
  side.querySelector("[data-close]").addEventListener("click", close);
  side.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("open")) close();
  });
}
byId("side-backdrop").addEventListener("click", closeDrawers);
matchMedia("(min-width: 1100px)").addEventListener("change", closeDrawers);

for (const button of document.querySelectorAll("[data-jump]")) {
  button.addEventListener("click", async () => {
    const seconds = Number(button.dataset.jump);
    if (await send("jump", { seconds })) toast(t("jumped", { duration: duration(seconds) }));
  });
}

const newContact = byId("new-contact");
function openNewContact(open) {
  newContact.hidden = !open;
  byId("add-contact").hidden = open;
  byId("add-contact").setAttribute("aria-expanded", String(open));
  newContact.reset();
  (open ? newContact.elements.name : byId("add-contact")).focus();
}
byId("add-contact").addEventListener("click", () => openNewContact(true));
newContact.querySelector("[data-cancel]").addEventListener("click", () => openNewContact(false));
newContact.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  openNewContact(false);
});
newContact.addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = await attempt(() => call("contacts", { name: newContact.elements.name.value }));
  if (made === null) return;
  openNewContact(false);
  switchTo(made.phone);
});

setInterval(tick, 1000);
grow();
switchTo(contact);
