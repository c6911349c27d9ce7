// Messages of a status page in this browser, without an account: the button of its own section.
const section = document.querySelector("[data-browser]");
const form = document.querySelector("[data-subscribe]");
const can = window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window;

function bytes(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

async function subscription() {
  await navigator.serviceWorker.register("/sw.js");
  const pushes = (await navigator.serviceWorker.ready).pushManager;
  const known = await pushes.getSubscription();
  return known ?? pushes.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(section.dataset.key) });
}

async function send() {
  const { endpoint, keys } = (await subscription()).toJSON();
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries({ endpoint, p256dh: keys.p256dh, auth: keys.auth })) body.set(name, value);
  const here = new URL(location.href);
  const answer = await fetch(new URL(`browser/${here.search}`, here), { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()).manage;
}

function say(text, manage) {
  const news = section.querySelector("[data-news]");
  news.textContent = `${text} `;
  news.hidden = false;
  if (!manage) return;
  const link = document.createElement("a");
  link.href = manage;
  link.textContent = section.dataset.manage;
  news.append(link);
}

if (section) {
  section.querySelector(can ? "[data-can]" : "[data-cannot]").hidden = false;
  section.querySelector("[data-button]").addEventListener("click", async () => {
    try {
      say(section.dataset.done, await send());
    } catch {
      say(section.dataset.failed);
    }
  });
}
