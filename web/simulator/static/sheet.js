// The bottom sheet of the phone: one at a time, modal inside the phone, closed by Escape, the backdrop or a choice.

import { byId, h, icon, t } from "./dom.js";
import { rememberFocus } from "./focus.js";

const layer = byId("sheet-layer");
const sheet = byId("sheet");
const behind = [byId("screen"), byId("side-start"), byId("side-end")];
let giveBack = () => {};

/** Open the sheet with a title and what it holds; focus goes to the first control of `body`. */
export function openSheet(title, ...body) {
  giveBack = rememberFocus();
  const close = h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: closeSheet }, icon("close"));
  sheet.replaceChildren(
    h("div", { class: "sheet-head" }, h("h2", { id: "sheet-title" }, title), close),
    h("div", { class: "sheet-body" }, ...body),
  );
  for (const part of behind) part.inert = true;
  layer.hidden = false;
  const first = sheet.querySelector(".sheet-body button, .sheet-body input");
  (first ?? close).focus({ preventScroll: true });
}

/** Close the sheet and give the focus back to what opened it. */
export function closeSheet() {
  if (layer.hidden) return;
  layer.hidden = true;
  for (const part of behind) part.inert = false;
  sheet.replaceChildren();
  giveBack();
}

layer.querySelector(".backdrop").addEventListener("click", closeSheet);
layer.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSheet();
  if (event.key !== "Tab") return;
  const controls = [...sheet.querySelectorAll("button, input, a[href]")];
  const edge = event.shiftKey ? controls[0] : controls[controls.length - 1];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? controls[controls.length - 1] : controls[0]).focus();
});

/** A row of a list or of places: words, then a mark; the sheet runs the way its title does. */
export function row(title, description, mark, chosen, onclick) {
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: chosen ? "chosen" : null, onclick },
      h("span", { class: "lines" }, h("strong", {}, h("bdi", {}, title)), description ? h("small", {}, h("bdi", {}, description)) : null),
      mark,
    ),
  );
}
