// Questions with buttons or a list: a small editor of each, with the line's own limits.

import { deliver, limits } from "./deliver.js";
import { t } from "./texts.js";

const by = (id) => document.getElementById(id);

let kind = "buttons";

const part = () => by("ask").querySelector(`[data-kind="${kind}"]`);
const rows = () => part().querySelector("[data-rows]");
const most = () => limits()[kind === "buttons" ? "buttons" : "rows"];

function field(label, name, length, required) {
  const box = document.createElement("label");
  const input = document.createElement("input");
  input.name = name;
  input.dir = "auto";
  input.maxLength = length;
  input.required = required;
  box.append(label, input);
  return box;
}

function add({ focus = true } = {}) {
  const n = rows().children.length + 1;
  const row = document.createElement("div");
  row.className = "ask-row";
  if (kind === "buttons") row.append(field(t("button_n", { n }), "title", limits().button, n === 1));
  else row.append(field(t("row_n", { n }), "title", limits().row, n === 1), field(t("row_detail", { n }), "description", limits().description, false));
  rows().append(row);
  part().querySelector("[data-add]").hidden = n >= most();
  if (focus) row.querySelector("input").focus();
}

function open(what) {
  kind = what;
  const dialog = by("ask");
  by("ask-form").reset();
  for (const one of dialog.querySelectorAll("[data-kind]")) {
    one.hidden = one.dataset.kind !== kind;
    for (const input of one.querySelectorAll("input")) input.disabled = one.hidden;
  }
  rows().replaceChildren();
  add({ focus: false });
  add({ focus: false });
  by("ask-title").textContent = document.querySelector(`[data-ask="${kind}"]`).textContent.trim();
  by("ask-form").elements.text.value = by("text").value;
  by("ask-form").elements.text.maxLength = limits().body;
  tell(null);
  dialog.showModal();
  by("ask-form").elements.text.focus();
}

function tell(why) {
  const problem = by("ask").querySelector("[data-problem]");
  problem.hidden = !why;
  problem.textContent = why ?? "";
}

function said() {
  const text = by("ask-form").elements.text.value;
  const filled = [...rows().children].map((row) => Object.fromEntries([...row.querySelectorAll("input")].map((one) => [one.name, one.value.trim()]))).filter((row) => row.title);
  if (kind === "buttons") return { kind, text, buttons: filled.map((row) => row.title) };
  return { kind, text, label: part().querySelector("[name=label]").value, rows: filled };
}

document.addEventListener("click", (event) => {
  const one = event.target.closest?.("[data-ask], #ask [data-add]");
  if (!one) return;
  if ("add" in one.dataset) add();
  else {
    by("more").hidePopover();
    open(one.dataset.ask);
  }
});

document.addEventListener("submit", async (event) => {
  if (event.target.id !== "ask-form") return;
  event.preventDefault();
  const asked = said();
  const button = event.target.querySelector("[type=submit]");
  button.disabled = true;
  const why = await deliver(asked, { words: asked.text });
  button.disabled = false;
  tell(why);
  if (why) return;
  by("ask").close();
  if (by("text").value.trim() === asked.text.trim()) {
    by("text").value = "";
    by("text").dispatchEvent(new Event("input", { bubbles: true }));
  }
});
