// Notifications and the sound. The browser is asked by a button alone; what each is for is chosen per browser.

import { headers, say } from "./base.js";
import { t } from "./texts.js";

const PREFIX = "/inbox";
const SOUND = new URL("./notice.wav", import.meta.url);
const QUIET_MS = 1_500;

/** What may be switched, and what holds before anybody did. */
const SWITCHES = { notify: "off", chat: "on", message: "on", late: "on", sound: "on", push: "off" };

const key = (name) => `parley.notices.${name}`;
const isOn = (name) => (localStorage.getItem(key(name)) ?? SWITCHES[name]) === "on";
const mayNotify = () => "Notification" in window && Notification.permission === "granted";

let registration = null;

// --- what is shown -----------------------------------------------------------------------------------------------

/** Call the agent: `cause` is `chat`, `message` or `late`, `chat` its `line/conversation`, `name` the contact's. */
export function call({ cause, chat, name, team }) {
  if (!isOn(cause)) return;
  const isAway = document.hidden || !document.hasFocus();
  if (isOn("sound") && (isAway || cause !== "message")) ring();
  // Where the browser is told by Web Push as well, the service worker shows it.
  if (!isAway || !isOn("notify") || !mayNotify() || isOn("push")) return;
  const titles = { chat: "notice_chat", message: "notice_message", late: "notice_late" };
  const shown = new Notification(t(titles[cause], { name }), {
    body: cause !== "message" && team ? t("notice_team", { team }) : "",
    tag: chat,
    icon: new URL("./icon-192.png", import.meta.url).href,
  });
  shown.onclick = () => {
    window.focus();
    shown.close();
    document.dispatchEvent(new CustomEvent("parley:open", { detail: `${PREFIX}/chats/${chat}` }));
  };
}

/** Sound once, however many pages of this browser are open. */
function ring() {
  navigator.locks.request("parley-sound", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    // A page nobody has touched yet may not sound; that is no fault.
    await new Audio(SOUND).play().catch(() => {});
    await new Promise((resolve) => { setTimeout(resolve, QUIET_MS); });
  });
}

// --- Web Push ------------------------------------------------------------------------------------------------------

async function post(path, fields) {
  const answer = await fetch(`${PREFIX}${path}`, { method: "POST", body: new URLSearchParams(fields), headers: headers() });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  const answer = await fetch(`${PREFIX}/push`, { headers: headers() });
  const { key: serverKey } = await answer.json();
  const manager = (await navigator.serviceWorker.ready).pushManager;
  const old = await manager.getSubscription();
  const wanted = bytes(serverKey);
  const known = old && new Uint8Array(old.options.applicationServerKey ?? []);
  const isSame = known && known.length === wanted.length && known.every((byte, at) => byte === wanted[at]);
  if (old && !isSame) await old.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: wanted };
  const { endpoint, keys } = (isSame ? old : await manager.subscribe(options)).toJSON();
  await post("/push/subscribe", { endpoint, public_key: keys.p256dh, auth: keys.auth });
}

async function unsubscribe() {
  const subscription = await registration?.pushManager?.getSubscription();
  if (!subscription) return;
  await post("/push/unsubscribe", { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

// --- the switches ---------------------------------------------------------------------------------------------------

async function permit() {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}

async function turn(name, on) {
  if (on && (name === "notify" || name === "push") && !(await permit())) {
    say(t("notices_blocked"));
    return false;
  }
  if (name === "push") {
    try {
      await (on ? subscribe() : unsubscribe());
    } catch {
      say(t("push_failed"));
      return !on;
    }
  }
  if (name === "sound" && on) ring();
  return on;
}

function show() {
  const canPush = Boolean(registration?.pushManager);
  for (const part of document.querySelectorAll("[data-notice-switch]")) {
    const name = part.dataset.noticeSwitch;
    part.checked = isOn(name) && (name !== "notify" && name !== "push" ? true : mayNotify());
    if (name === "push") part.closest("label").hidden = !canPush;
  }
}

document.addEventListener("change", async ({ target }) => {
  const name = target.dataset?.noticeSwitch;
  if (!name) return;
  target.disabled = true;
  const on = await turn(name, target.checked);
  localStorage.setItem(key(name), on ? "on" : "off");
  target.disabled = false;
  show();
});

async function start() {
  show();
  if (!("serviceWorker" in navigator)) return;
  try {
    registration = await navigator.serviceWorker.register(`${PREFIX}/sw.js`, { scope: PREFIX });
  } catch {
    return; // not by https, or forbidden: the inbox works without
  }
  show();
  // The server may have forgotten the browser, or it was given another address.
  if (isOn("push") && mayNotify()) await subscribe().catch(() => {});
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.open) document.dispatchEvent(new CustomEvent("parley:open", { detail: data.open }));
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) registration.update().catch(() => {}); });
}

start();
