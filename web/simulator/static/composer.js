// The message box and what can be attached. Each contact keeps what was begun.

import { upload } from "./api.js";
import { openPlaces } from "./deeds.js";
import { byId, fileBytes, h, icon, t } from "./dom.js";
import { behave } from "./menu.js";
import { attempt, send, session, toast } from "./session.js";
import { closeSheet, openSheet } from "./sheet.js";
import { scrollToEnd } from "./transcript.js";

const BOX_MOST_PX = 128;

const box = byId("message");
const attach = byId("attach");
const menu = byId("attach-menu");
const drafts = new Map();

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, BOX_MOST_PX)}px`;
}

/** Put the words begun for one contact away and take out those for another. */
export function switchDraft(from, to) {
  drafts.set(from, box.value);
  box.value = drafts.get(to) ?? "";
  grow();
}

/** Focus the box where that does not open a keyboard over the page. */
export function focusBox() {
  if (matchMedia("(hover: hover)").matches) box.focus({ preventScroll: true });
}

async function submit() {
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  grow();
  scrollToEnd();
  if ((await send("say", { text })) === null && !box.value) {
    box.value = text;
    grow();
  }
}

function openMenu(open) {
  menu.hidden = !open;
  attach.setAttribute("aria-expanded", String(open));
  if (open) menu.querySelector("button").focus();
}

function fromMenu(deed) {
  openMenu(false);
  attach.focus();
  deed();
}

function preview(file, url) {
  switch (file.type.split("/")[0]) {
    case "image":
      return h("img", { src: url, alt: file.name });
    case "video":
      return h("video", { src: url, muted: true, "aria-label": file.name });
    default:
      return h("span", { class: "attachment" }, icon("file"), file.name);
  }
}

/** Show a chosen file before it goes, with room for a caption. */
function openFile(file) {
  if (file.size > fileBytes) {
    toast(t("error_file_too_big", { mb: Math.floor(fileBytes / 1024 / 1024) }), true);
    return;
  }
  const { contact } = session;
  const url = URL.createObjectURL(file);
  const submitFile = (event) => {
    event.preventDefault();
    const caption = new FormData(event.target).get("caption");
    closeSheet();
    attempt(() => upload(contact, file, caption));
  };
  const form = h(
    "form",
    { onsubmit: submitFile },
    h("div", { class: "preview" }, preview(file, url)),
    h("label", {}, t("caption"), h("input", { name: "caption", dir: "auto", maxlength: 1024 })),
    h("button", { type: "submit", class: "solid-button" }, t("send")),
  );
  openSheet(t("send_file"), form);
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
attach.addEventListener("click", () => openMenu(menu.hidden));
behave(menu, attach.parentElement, (back) => {
  openMenu(false);
  if (back) attach.focus();
});
byId("attach-location").addEventListener("click", () => fromMenu(openPlaces));
byId("attach-file").addEventListener("click", () => fromMenu(() => byId("file").click()));
byId("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) openFile(file);
});
grow();
