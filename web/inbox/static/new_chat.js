// A new chat: the number, the line, the template; sent once, then the chat is opened.

import { headers } from "./base.js";
import { newId } from "./deliver.js";
import { readTemplate } from "./picking.js";
import { t } from "./texts.js";

const form = document.getElementById("new-chat");
let id = newId();

function tell(part, why) {
  const problem = part.querySelector("[data-problem]");
  problem.hidden = !why;
  problem.textContent = why ?? "";
}

async function begin(part) {
  if (!form.elements.phone.reportValidity()) return;
  const said = readTemplate(part);
  if (!said) return;
  const fields = new URLSearchParams({ client: id, line: form.elements.line.value, phone: form.elements.phone.value });
  for (const input of part.querySelectorAll("input[name]")) fields.set(input.name, input.value);
  const button = part.querySelector("[data-send-template]");
  button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: fields, headers: headers() }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok && told) {
    location.assign(told.path);
    return;
  }
  button.disabled = false;
  tell(part, told?.error ?? t(answer ? "server_away" : "network_away"));
  if (answer) id = newId(); // refused: the next try is another one; without an answer it is the same
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-send-template]");
  if (button) begin(button.closest("[data-template]"));
});
form?.addEventListener("submit", (event) => event.preventDefault());
