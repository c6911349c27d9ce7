// Service worker: an offline shell that shows the last known pages, and push messages.
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const SHELL = "shell-" + FILES.join("").split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
const SEEN = "seen"; // pages as they were last shown on this device; wiped when somebody signs out
const DEVICE = "device"; // what the pages remember of this device's subscription
// Safari takes the permission away from whoever gets a message and shows nothing.
const MUST_SHOW = /AppleWebKit/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent);
const KEPT = [/^\/$/, /^\/oncall\//, /^\/incidents\/$/, /^\/incidents\/\d+\/$/, /^\/pages\/\d+\/$/, /^\/inbox\/$/];
const PATIENCE_MS = 6000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (![SHELL, SEEN, DEVICE].includes(name)) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

async function fromShell(request) {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}

async function page(request, url) {
  try {
    const answer = await inTime(fetch(request), await hasCopy(request));
    if (url.pathname.startsWith("/accounts/login")) await caches.delete(SEEN);
    else if (answer.ok && !answer.redirected && KEPT.some((path) => path.test(url.pathname)))
      await (await caches.open(SEEN)).put(url.pathname, answer.clone());
    return answer;
  } catch {
    return (await caches.match(url.pathname, { cacheName: SEEN })) ?? (await caches.match("/offline")) ?? Response.error();
  }
}

const hasCopy = (request) => caches.match(new URL(request.url).pathname, { cacheName: SEEN });

// On a bad network an old page now is worth more than a new one in a minute.
function inTime(answer, copy) {
  if (!copy) return answer;
  return Promise.race([answer, new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("slow")))]);
}

addEventListener("push", (event) => {
  event.waitUntil(announce(event.data?.json() ?? {}));
});

async function announce(message) {
  if (message.check) return answer(message);
  if (message.closed) return close(message);
  await registration.showNotification(message.title ?? "Evenfall", options(message));
  await count(message.badge);
}

// High urgency stays until somebody answers, sounds again for each repeat and shakes the phone.
function options(message) {
  const actions = (message.actions ?? []).map((one) => ({ action: one.action ?? one.name, title: one.title ?? one.label }));
  const urgent = message.urgency !== "low";
  return {
    body: message.body ?? (message.lines ?? []).join("\n"),
    tag: message.tag || undefined,
    renotify: urgent && Boolean(message.tag),
    requireInteraction: urgent,
    silent: !urgent,
    ...(urgent && { vibrate: [500, 150, 500, 150, 500, 400, 1000] }),
    icon: "{{ icon|escapejs }}",
    badge: "{{ badge|escapejs }}",
    timestamp: Date.now(),
    actions: actions.slice(0, 2),
    data: { url: message.url || "/", respond_url: message.respond_url || "" },
  };
}

// The silent check: whoever sees this line in a log knows that a page would have come through.
async function answer(message) {
  if (MUST_SHOW) await registration.showNotification(message.title, options({ ...message, urgency: "low" }));
  if (Notification.permission === "granted") await fetch(message.check, { method: "POST", credentials: "omit" });
}

// Somebody answered elsewhere.
async function close(message) {
  if (MUST_SHOW) await registration.showNotification(message.title, options({ ...message, urgency: "low" }));
  else for (const shown of await registration.getNotifications({ tag: message.tag })) shown.close();
  await count(message.badge);
}

async function count(number) {
  if (!("setAppBadge" in navigator)) return;
  const open = number ?? (await waiting()) ?? (await registration.getNotifications()).length;
  await (open ? navigator.setAppBadge(open) : navigator.clearAppBadge()).catch(() => {});
}

async function waiting() {
  try {
    return (await (await fetch("/badge", { redirect: "error" })).json()).open;
  } catch {
    return undefined;
  }
}

// The browser replaced its subscription: the server is told, so that pages find the new address.
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(move(event)));

async function move(event) {
  const known = await (await caches.match("/device", { cacheName: DEVICE }))?.json();
  if (!known?.pass) return;
  const fresh = event.newSubscription ?? (await registration.pushManager.getSubscription())
    ?? (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: known.key }));
  const { endpoint, keys } = fresh.toJSON();
  await fetch(`/profile/contact-methods/push/moved/${known.pass}/`, {
    method: "POST", credentials: "omit",
    body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
  });
}

addEventListener("notificationclick", (event) => {
  const { url, respond_url } = event.notification.data;
  event.notification.close();
  event.waitUntil((async () => {
    if (event.action && respond_url && (await respond(respond_url, event.action))) return count();
    await show(url);
    await count();
  })());
});

// False when the answer did not arrive: then the page is opened, so that nobody believes it did.
async function respond(url, action) {
  try {
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ action }), credentials: "omit" });
    return answer.ok;
  } catch {
    return false;
  }
}

async function show(url) {
  const target = new URL(url, location.origin);
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = open.find((one) => new URL(one.url).pathname === target.pathname);
  if (same) return same.focus();
  return clients.openWindow(target.href);
}
