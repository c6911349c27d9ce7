// Push messages on this device: the form that enables them, and what the device does for itself on
// each visit: it says that it is there, renews a subscription that changed or died without asking
// again, and keeps the number on the icon of the app right.

const METHODS = "/profile/contact-methods/";
const CACHE = "device"; // read by the service worker too, which has no other storage as simple
const form = document.querySelector("[data-push]");
const text = form?.querySelector("[data-push-text]");
const button = form?.querySelector("[data-push-button]");
const can = window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window;

const remembered = async () => (await (await caches.open(CACHE)).match("/device"))?.json();
const remember = async (about) => (await caches.open(CACHE)).put("/device", Response.json(about));
const forget = async () => (await caches.open(CACHE)).delete("/device");

function bytes(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function sameKey(subscription, key) {
  const known = new Uint8Array(subscription.options?.applicationServerKey ?? []);
  const wanted = bytes(key);
  return known.length === wanted.length && known.every((byte, place) => byte === wanted[place]);
}

function fields(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

const manager = async () => (await navigator.serviceWorker.ready).pushManager;

async function subscribe(key) {
  const pushes = await manager();
  const old = await pushes.getSubscription();
  if (old && sameKey(old, key)) return old;
  await old?.unsubscribe(); // made for another installation, or for keys that were lost
  return pushes.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

async function post(path, body) {
  const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await fetch(METHODS + path, {
    method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken, ...body }), redirect: "error",
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

async function seen(subscription) {
  const told = await post("push/seen/", { endpoint: subscription.endpoint });
  if (told.pass) await remember({ endpoint: subscription.endpoint, pass: told.pass, key: told.key });
  return told;
}

// What must be done about a subscription: "" for nothing, "move" to tell of a new address, "renew"
// to make a new one, "drop" where its owner removed this device.
function due(subscription, known, told) {
  if (!subscription) return known?.pass ? "renew" : "";
  if (told.state === "broken" || (told.state !== "other" && told.key && !sameKey(subscription, told.key)))
    return known?.pass || told.pass ? "renew" : "";
  if (told.state !== "unknown" || !known?.pass) return "";
  return known.endpoint === subscription.endpoint ? "drop" : "move";
}

async function visit() {
  const known = await remembered();
  if (Notification.permission !== "granted") {
    if (known) banner("Notifications are blocked on this device, so pages cannot reach it.", "How to allow them");
    return;
  }
  let subscription = await (await manager()).getSubscription();
  const isNews = subscription?.endpoint !== known?.endpoint;
  if (!isNews && sessionStorage.getItem("device-seen")) return;
  const told = subscription ? await seen(subscription) : {};
  const step = due(subscription, known, told);
  if (step === "drop") { await subscription.unsubscribe(); return forget(); }
  if (step) {
    if (step === "renew") {
      await subscription?.unsubscribe();
      subscription = await subscribe(told.key ?? known.key);
    }
    await post(`push/moved/${told.pass ?? known.pass}/`, fields(subscription));
    await seen(subscription);
    if (step === "renew")
      banner("Push messages had stopped on this device. They were set up again just now.", "Send a test");
  }
  sessionStorage.setItem("device-seen", "yes");
}

function banner(words, label) {
  const box = document.createElement("div");
  box.className = "callout callout-warning";
  box.setAttribute("role", "status");
  box.dataset.device = "";
  const inner = document.createElement("div");
  const link = Object.assign(document.createElement("a"), { href: `${METHODS}devices/`, textContent: label });
  inner.append(`${words} `, link);
  box.append(inner);
  document.querySelector("#main .page-head")?.after(box);
}

// The icon on the home screen shows how many pages wait for the reader.
async function badge() {
  if (!("setAppBadge" in navigator) || !matchMedia("(display-mode: standalone)").matches) return;
  const { open } = await (await fetch("/badge", { redirect: "error" })).json();
  await (open ? navigator.setAppBadge(open) : navigator.clearAppBadge());
}

// The form

function say(words) {
  text.textContent = words;
}

async function model() {
  const hints = await navigator.userAgentData?.getHighEntropyValues(["model"]).catch(() => null);
  return hints?.model ?? "";
}

async function enable(event) {
  event.preventDefault();
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted")
      return say("Notifications are blocked for this site. Allow them in the browser's settings, then try again.");
    const is_app = matchMedia("(display-mode: standalone)").matches ? "yes" : "";
    const filled = { ...fields(await subscribe(form.dataset.key)), model: await model(), is_app };
    for (const [name, value] of Object.entries(filled)) form.elements[name].value = value;
    form.submit();
  } catch (error) {
    say(`The browser could not subscribe: ${error.message}`);
  } finally {
    button.disabled = false;
  }
}

function whyNot() {
  if (!form.dataset.key) return "Push is not set up on this server.";
  if (!window.isSecureContext) return "Push needs a secure address (https).";
  if (!can)
    return /iPhone|iPad/.test(navigator.userAgent)
      ? "On an iPhone or iPad, first add Evenfall to the home screen and open it from there."
      : "This browser has no push messages.";
  return "";
}

async function startForm() {
  const reason = whyNot();
  say(reason || "Pages arrive as notifications, with buttons to acknowledge and to say that you are on it.");
  button.disabled = Boolean(reason);
  button.addEventListener("click", enable);
  if (reason || Notification.permission !== "granted" || !(await (await manager()).getSubscription())) return;
  say("Push messages are enabled on this device.");
  button.lastChild.textContent = " Enable again";
}

if (form) startForm();
if (can) visit().catch(() => {}); // without a network the next visit does it
badge().catch(() => {});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt?.id === "bell") badge().catch(() => {});
});
