// Subscribes this browser to push messages and hands the subscription to the server with the form.

const form = document.querySelector("[data-push]");
const text = form?.querySelector("[data-push-text]");
const button = form?.querySelector("[data-push-button]");

function say(words) {
  text.textContent = words;
}

function bytes(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function sameKey(subscription, key) {
  const known = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return known.length === key.length && known.every((byte, place) => byte === key[place]);
}

// A name by which a person knows the device again: "Firefox on Android".
function deviceName() {
  const agent = navigator.userAgent;
  const browser = [["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]]
    .find(([mark]) => agent.includes(mark))?.[1] ?? "Browser";
  const system = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Mac OS", "Mac"], ["Windows", "Windows"], ["Linux", "Linux"]]
    .find(([mark]) => agent.includes(mark))?.[1];
  return system ? `${browser} on ${system}` : browser;
}

async function subscription() {
  const key = bytes(form.dataset.key);
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && sameKey(old, key)) return old;
  await old?.unsubscribe(); // made for another installation, or for keys that were lost
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function enable(event) {
  event.preventDefault();
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted")
      return say("Notifications are blocked for this site. Allow them in the browser's settings, then try again.");
    const { endpoint, keys } = (await subscription()).toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.elements.label.value = deviceName();
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
  if (!("serviceWorker" in navigator) || !("PushManager" in window))
    return /iPhone|iPad/.test(navigator.userAgent)
      ? "On an iPhone or iPad, first add Evenfall to the home screen and open it from there."
      : "This browser has no push messages.";
  return "";
}

if (form) {
  const reason = whyNot();
  say(reason || "Pages arrive as notifications, with buttons to acknowledge or to get help.");
  button.disabled = Boolean(reason);
  button.addEventListener("click", enable);
}
