// The simulator page: follows one contact's phone and shows each state of it.

import { follow } from "./api.js";
import { focusBox, switchDraft } from "./composer.js";
import { base, byId, errorWords, initials, t } from "./dom.js";
import { showClock, showContacts, showPosition, showTrace, showWindow } from "./panel.js";
import { now, session, toast } from "./session.js";
import { closeDrawers, wireSides } from "./side.js";
import { clearTranscript, showMessages, showTyping } from "./transcript.js";

const seen = new Map(); // phone -> the last message id looked at
let stop = () => {};

function tick() {
  if (session.state === null) return;
  showTyping();
  showClock(session.state, now());
  showWindow(session.state, now());
}

function show(state) {
  session.state = state;
  session.skew = new Date(state.now) - Date.now();
  seen.set(state.contact.phone, state.contact.last_id);
  byId("talk").setAttribute("aria-label", t("chat_with", { name: state.contact.name }));
  showMessages();
  showContacts(state, seen, switchTo);
  showPosition(state);
  showTrace(state);
  tick();
  document.body.dataset.ready = state.contact.phone;
}

function lost(forGood) {
  byId("presence").textContent = t("connecting");
  if (forGood) toast(errorWords("contact_unknown"), true);
}

function take(phone) {
  session.contact = phone;
  session.state = null;
  clearTranscript();
  stop();
  stop = follow(phone, show, lost);
}

function switchTo(phone) {
  closeDrawers();
  if (phone !== session.contact) {
    switchDraft(session.contact, phone);
    history.replaceState(null, "", `${base}?contact=${encodeURIComponent(phone)}`);
    take(phone);
  }
  focusBox();
}

byId("line-name").textContent = t("line_name");
byId("line-avatar").textContent = initials(t("line_name"));
wireSides(switchTo);
setInterval(tick, 1000);
take(session.contact);
focusBox();
