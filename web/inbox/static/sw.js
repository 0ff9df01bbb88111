// The installed inbox: its static files and the page that says that there is no network. No page with data and no answer
// of the server is ever kept. The server writes the version in, so that new files bring a new worker.

const VERSION = "__VERSION__";
const PREFIX = "/inbox";
const CACHE = `parley-${VERSION}`;
const STATIC = `${PREFIX}/static/${VERSION}/`;
const OFFLINE = `${PREFIX}/offline`;
const FIRST = [OFFLINE, ...["tokens.css", "base.css", "offline.css", "offline.js", "icon.svg"].map((file) => STATIC + file)];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FIRST)).then(() => self.skipWaiting()));
});

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("parley-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function staticFile(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(OFFLINE);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // A part of a file, as sound and film are asked for, cannot be kept.
  if (url.pathname.startsWith(STATIC) && !request.headers.has("range")) event.respondWith(staticFile(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

async function notify(data) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.some((one) => one.visibilityState === "visible" && one.focused)) return;
  await self.registration.showNotification(data.title, {
    body: data.body,
    tag: data.tag,
    renotify: true,
    data: { url: data.url },
    icon: `${STATIC}icon-192.png`,
    badge: `${STATIC}badge.png`,
  });
}

self.addEventListener("push", (event) => {
  let data;
  try {
    data = event.data.json();
  } catch {
    return;
  }
  event.waitUntil(notify(data));
});

async function open(url) {
  const windows = await self.clients.matchAll({ type: "window" });
  const shown = windows.find((one) => new URL(one.url).pathname.startsWith(PREFIX));
  if (!shown) return self.clients.openWindow(url);
  await shown.focus();
  return shown.postMessage({ open: url });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data ?? {};
  // Only addresses of our own: the message came from our server, and is checked all the same.
  if (typeof url === "string" && url.startsWith(`${PREFIX}/`)) event.waitUntil(open(url));
});
