// Templates: what is filled in, and sending one.

import { say } from "./base.js";
import { deliver } from "./deliver.js";

const by = (id) => document.getElementById(id);

/** What a chosen template says, with its places filled; null where one is empty, which is shown. */
export function readTemplate(part) {
  const fields = [...part.querySelectorAll("input[name]")].filter((one) => one.type !== "hidden");
  const empty = fields.find((one) => !one.reportValidity());
  if (empty) return null;
  const said = { kind: "template", name: part.dataset.name, language: part.dataset.language, body: [], header: "", buttons: {} };
  for (const { name, value } of fields) {
    const [where, index] = name.split(".");
    if (where === "header") said.header = value;
    else if (where === "body") said.body[Number(index)] = value;
    else said.buttons[index] = value;
  }
  return said;
}

/** Send the template whose button was pressed. */
export async function sendTemplate(button) {
  const part = button.closest("[data-template]");
  const said = readTemplate(part);
  if (!said) return;
  button.disabled = true;
  const problem = part.querySelector("[data-problem]");
  const why = await deliver(said, { words: said.name });
  button.disabled = false;
  problem.hidden = !why;
  problem.textContent = why ?? "";
  if (why && !part.isConnected) say(why);
  if (why) return;
  part.closest("dialog")?.close();
  const place = part.closest(".picked");
  const search = place?.closest("[data-picking]")?.querySelector("[name=q]");
  if (search) search.value = "";
  if (place?.isConnected) htmx.ajax("GET", place.closest("[data-picking]").dataset.picking, { target: place });
}

/** What stood in the search, by its picker, when a template was chosen there. */
const chosenAt = new WeakMap();

// A search waits for more letters. Who has chosen meanwhile is not led back to the list.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  const part = elt.closest("[data-picking]");
  if (!part || elt.matches("[data-template] .template-fields")) return;
  const words = part.querySelector("[name=q]").value;
  if (elt.name === "q" && chosenAt.get(part) === words) event.preventDefault();
  else if (elt.closest(".template-list")) chosenAt.set(part, words);
  else chosenAt.delete(part);
});

// How it will look is seen while it is filled in, however small the page is.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.matches?.(".template-preview")) detail.target.scrollIntoView({ block: "nearest" });
});

/** Show the templates over the chat. */
export function openTemplates() {
  const dialog = by("templates");
  const place = dialog.querySelector("[data-picker-place]");
  htmx.ajax("GET", `${by("composer").dataset.path}/templates/picker`, { target: place, swap: "innerHTML" });
  dialog.showModal();
}
