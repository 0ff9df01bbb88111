// Files to be sent: what the line does not take is converted or refused before a byte of it leaves.

import { headers, say } from "./base.js";
import { grow, refuse } from "./composer.js";
import { limits, state } from "./deliver.js";
import { t } from "./texts.js";

const HEAD_BYTES = 16;
const SIDE_MOST = 2560;
const QUALITY = 0.88;
const MIB = 1024 * 1024;

const KINDS = ["image", "video", "audio", "document"];
const BY_MARK = [
  [[0xff, 0xd8, 0xff], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
  [[0x47, 0x49, 0x46, 0x38], "image/gif"],
  [[0x25, 0x50, 0x44, 0x46], "application/pdf"],
];

const by = (id) => document.getElementById(id);

const chatOf = () => by("composer")?.dataset.path ?? "";

let chosen = [];

/** What is attached in the open chat and not sent yet. */
export const files = () => chosen.filter((one) => one.chat === chatOf());

/** Send it not, or not again. */
export function dropFile(file) {
  file.request?.abort();
  URL.revokeObjectURL(file.url);
  chosen = chosen.filter((one) => one !== file);
  drawFiles();
}

function size(bytes) {
  return bytes < MIB ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / MIB).toFixed(1)} MB`;
}

/** A file's type by its first bytes where those tell, else what the browser says. */
async function typeOf(file) {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const found = BY_MARK.find(([mark]) => mark.every((byte, at) => head[at] === byte));
  if (found) return found[1];
  const ascii = String.fromCharCode(...head);
  if (ascii.startsWith("RIFF") && ascii.slice(8, 12) === "WEBP") return "image/webp";
  // What says it is a picture of these and does not begin like one is none.
  return /^image\/(jpeg|png|gif|webp)$/.test(file.type) ? "" : file.type;
}

function kindOf(type) {
  const takes = limits().files ?? {};
  return KINDS.find((kind) => takes[kind]?.types.includes(type));
}

/** Draw a picture anew as one that phones show; null where the browser cannot read it. */
async function redrawn(file, most) {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const scale = Math.min(1, SIDE_MOST / Math.max(picture.naturalWidth, picture.naturalHeight, 1));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round((picture.naturalWidth || 512) * scale));
    canvas.height = Math.max(1, Math.round((picture.naturalHeight || 512) * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const png = file.type === "image/jpeg" ? null : await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (png && png.size <= Math.min(most, 2 * MIB)) return named(png, file.name, "png");
    const flat = canvas.getContext("2d");
    flat.globalCompositeOperation = "destination-over";
    flat.fillStyle = "#fff";
    flat.fillRect(0, 0, canvas.width, canvas.height);
    const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return jpeg && jpeg.size <= most ? named(jpeg, file.name, "jpg") : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

const named = (blob, name, ending) => new File([blob], `${name.replace(/\.[^.]*$/, "") || "picture"}.${ending}`, { type: blob.type });

/** What becomes of a file: `{file, kind, note}`, or why it is refused. */
async function prepared(file) {
  const takes = limits().files ?? {};
  if (!Object.keys(takes).length) return { why: t("file_none") };
  if (!file.size) return { why: t("file_empty") };
  const type = await typeOf(file);
  const kind = kindOf(type);
  if (kind && file.size <= takes[kind].bytes) return { file, kind };
  if (type.startsWith("image/") && takes.image) {
    const picture = await redrawn(file, takes.image.bytes);
    if (picture) return { file: picture, kind: "image", note: t("file_converted", { kind: picture.type === "image/png" ? "PNG" : "JPEG" }) };
  }
  if (kind) return { why: t("file_large", { most: size(takes[kind].bytes) }) };
  return { why: t("file_kind") };
}

/** Attach files, each as the line takes it; the first that it does not take is said why. */
export async function attach(list) {
  refuse(null);
  const chat = chatOf();
  for (const file of list) {
    const { why, ...ready } = await prepared(file);
    if (chat !== chatOf()) return; // the agent went on to another chat meanwhile
    if (why) refuse(`${file.name}: ${why}`);
    else chosen.push({ ...ready, chat, url: URL.createObjectURL(ready.file), key: null, name: null, percent: null, request: null });
  }
  drawFiles();
  if (files().length) by("text").focus();
}

/** Show what is attached in the open chat. */
export function drawFiles() {
  const part = by("files");
  if (!part) return;
  part.hidden = !files().length;
  part.replaceChildren(...files().map(tile));
  grow();
}

function tile(one) {
  const part = document.createElement("figure");
  part.className = "file";
  const shown = { image: "img", video: "video" }[one.kind];
  if (shown) {
    const picture = document.createElement(shown);
    picture.src = one.url;
    if (shown === "img") picture.alt = "";
    part.append(picture);
  }
  const words = document.createElement("figcaption");
  const name = document.createElement("span");
  const note = document.createElement("small");
  name.dir = "auto";
  name.textContent = one.file.name;
  note.textContent = one.note ?? `${t(one.kind)}, ${size(one.file.size)}`;
  words.append(name, note);
  const off = document.createElement("button");
  off.type = "button";
  off.className = "icon-button small";
  off.setAttribute("aria-label", t("file_off", { name: one.file.name }));
  off.innerHTML = by("quoting").querySelector("button").innerHTML;
  off.addEventListener("click", () => dropFile(one));
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.hidden = one.percent === null;
  bar.value = one.percent ?? 0;
  one.bar = bar;
  part.append(words, off, bar);
  return part;
}

function upload(path, one) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    one.request = request;
    request.open("POST", `${path}/files`);
    for (const [name, value] of Object.entries(headers({ "X-File-Name": encodeURIComponent(one.file.name), "Content-Type": "application/octet-stream" }))) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      one.percent = Math.round((100 * loaded) / Math.max(total, 1));
      one.bar.hidden = false;
      one.bar.value = one.percent;
      one.bar.setAttribute("aria-label", t("file_uploading", { name: one.file.name, percent: one.percent }));
    });
    const ended = () => {
      let told = null;
      try {
        told = JSON.parse(request.responseText);
      } catch { /* no answer of ours */ }
      done(request.status === 200 && told?.ok ? told : { ok: false, error: told?.error ?? t(navigator.onLine ? "server_away" : "network_away") });
    };
    request.addEventListener("loadend", ended);
    request.send(one.file);
  });
}

/** Put all that is attached in a chat into the store, and return it; null where one was refused, which is said, or dropped. */
export async function uploadAll(chat) {
  const all = chosen.filter((one) => one.chat === chat);
  for (const one of all) {
    if (one.key) continue;
    const told = await upload(chat, one);
    if (!chosen.includes(one)) return null;
    if (!told.ok) {
      const why = `${one.file.name}: ${told.error}`;
      if (chat === chatOf()) refuse(why);
      else say(why);
      one.percent = null;
      drawFiles();
      return null;
    }
    Object.assign(one, { key: told.key, kind: told.kind, name: told.name });
  }
  return all;
}

// --- where they come from ---------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#attach")) return;
  const takes = limits().files ?? {};
  by("file").accept = Object.values(takes).flatMap((one) => one.types).concat("image/*").join(",");
  by("file").click();
});

document.addEventListener("change", ({ target }) => {
  if (target.id !== "file") return;
  attach([...target.files]);
  target.value = "";
});

document.addEventListener("paste", (event) => {
  const given = [...(event.clipboardData?.files ?? [])];
  if (event.target.id !== "text" || !given.length || !state().writes) return;
  event.preventDefault();
  attach(given);
});

const carries = (event) => state().writes && event.target.closest?.("#chat") && [...(event.dataTransfer?.types ?? [])].includes("Files");

let leaves = 0;

document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  by("drop-zone").hidden = false;
  clearTimeout(leaves);
  leaves = setTimeout(() => { if (by("drop-zone")) by("drop-zone").hidden = true; }, 300);
});

document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  by("drop-zone").hidden = true;
  attach([...event.dataTransfer.files]);
});

