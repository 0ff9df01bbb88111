// The panels beside the phone: contacts, clock, window, position and the last turn's trace.

import { byId, h, initials, t, tone, words } from "./dom.js";
import { dateAndTime, duration, hourAndMinute, shortDate } from "./format.js";

/** List the contacts; `seen` maps a phone to the last message id shown there. */
export function showContacts(state, seen, onSwitch) {
  const items = state.contacts.map((contact) => {
    const here = contact.phone === state.contact.phone;
    const unread = !here && contact.last_id !== null && seen.get(contact.phone) !== contact.last_id;
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "contact", data: { phone: contact.phone }, "aria-current": here ? "true" : null, onclick: () => onSwitch(contact.phone) },
        h("span", { class: `avatar ${tone(contact.phone)}`, "aria-hidden": "true" }, initials(contact.name)),
        h(
          "span",
          { class: "lines" },
          h("span", { class: "top" }, h("span", { class: "name", dir: "auto" }, contact.name), contact.last_at ? h("time", {}, hourAndMinute(new Date(contact.last_at))) : null),
          h("span", { class: "last", dir: "auto" }, contact.last === null ? t("no_messages_yet") : words(contact.last)),
        ),
        unread ? h("span", { class: "dot", role: "img", "aria-label": t("unread") }) : null,
      ),
    );
  });
  const list = byId("contacts");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.phone : null;
  list.replaceChildren(...items);
  if (focused) list.querySelector(`[data-phone="${focused}"]`)?.focus();
}

export function showClock(state, now) {
  byId("clock-time").textContent = hourAndMinute(now);
  byId("clock-time").dateTime = now.toISOString();
  byId("clock-date").textContent = shortDate(now);
  byId("clock-ahead").textContent = state.ahead_s > 0 ? t("clock_ahead", { duration: duration(state.ahead_s) }) : t("clock_now");
}

export function showWindow(state, now) {
  const talk = state.conversation;
  const closes = talk?.window_closes_at ? new Date(talk.window_closes_at) : null;
  const left = closes ? (closes - now) / 1000 : 0;
  const open = left > 0;
  const card = byId("window-figure").closest(".card");
  card.classList.toggle("closed", closes !== null && !open);
  byId("window-figure").textContent = open ? t("window_left", { duration: duration(left) }) : t("window_closed");
  byId("window-meter").style.width = `${Math.min(100, (100 * left) / state.window_s) * (open ? 1 : 0)}%`;
  const known = closes === null ? t("window_never") : t(open ? "window_until" : "window_since", { time: dateAndTime(closes) });
  const free = talk?.free_until ? new Date(talk.free_until) : null;
  const spared = free && free > new Date(state.now) ? t("window_free", { time: dateAndTime(free) }) : null;
  byId("window-note").textContent = [known, spared].filter(Boolean).join(" · ");
  const pill = byId("window-pill");
  pill.textContent = closes === null ? "" : open ? duration(left) : t("window_closed");
  pill.title = closes === null ? "" : `${t("window")}: ${byId("window-figure").textContent}`;
  pill.classList.toggle("shut", closes !== null && !open);
  pill.classList.toggle("soon", open && left < 3600);
}

const step = (name, here) => h("span", { class: here ? "step here" : "step" }, name);
const arrow = () => h("span", { class: "arrow", "aria-hidden": "true" }, "→");
const way = (names) => h("div", { class: "where" }, ...names.map((name, index) => h("span", {}, index ? arrow() : null, step(name, index === names.length - 1))));
const facts = (pairs) => h("dl", { class: "facts" }, ...pairs.filter(Boolean).flatMap(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, value)]));

export function showPosition(state) {
  const talk = state.conversation;
  if (talk === null) return byId("position").replaceChildren(h("p", { class: "none" }, t("position_none")));
  const mode = talk.mode === "waiting" && talk.team ? t("mode_waiting_team", { team: talk.team }) : t(`mode_${talk.mode}`);
  const answers = talk.answers.map((answer) => h("div", {}, h("span", { class: "step" }, answer.name), " ", h("bdi", {}, answer.shown)));
  const badges = [talk.busy ? "busy" : null, talk.waits_for ? `waits_for_${talk.waits_for}` : null, talk.unwanted].filter(Boolean);
  const time = (at) => h("time", { datetime: at }, t("scheduled_at", { time: dateAndTime(new Date(at)) }));
  const scheduled = talk.scheduled.map((one) => h("div", {}, time(one.at), " ", h("bdi", {}, words(one.says))));
  byId("position").replaceChildren(
    talk.stack.length ? way(talk.stack) : h("p", { class: "none" }, t("position_none")),
    ...badges.map((badge) => h("p", { class: "row" }, h("span", { class: "badge" }, t(badge)))),
    facts([
      [t("mode"), mode],
      talk.asks_until ? [t("asks_until"), dateAndTime(new Date(talk.asks_until))] : null,
      talk.stack.length ? [t("answers"), answers.length ? h("div", { class: "answers" }, ...answers) : t("no_answers")] : null,
      scheduled.length ? [t("scheduled"), h("div", { class: "answers" }, ...scheduled)] : null,
    ]),
  );
  return undefined;
}

export function showTrace(state) {
  const trace = state.trace;
  if (trace === null) return byId("trace").replaceChildren(h("p", { class: "none" }, t("trace_none")));
  const matched = trace.score === null ? trace.matched : `${trace.matched} · ${t("trace_score", { score: Math.round(trace.score) })}`;
  const path = trace.path.length ? trace.path : [...new Set([trace.before, trace.after].filter(Boolean))];
  byId("trace").replaceChildren(
    facts([
      [t("trace_signal"), trace.signal],
      [t("trace_matched"), matched],
      path.length ? [t("trace_path"), way(path)] : null,
      trace.effects.length ? [t("trace_effects"), trace.effects.join(", ")] : null,
      [t("trace_took"), t("milliseconds", { n: trace.elapsed_ms.toFixed(2) })],
      trace.note ? [t("trace_note"), trace.note] : null,
    ]),
  );
  return undefined;
}
