// Short messages at the bottom of the screen; they leave by themselves, errors stay longer.
// Any script may say: document.dispatchEvent(new CustomEvent("toast", { detail: { text, role } }))
// with role "status" or "alert".
const STAY_MS = { status: 4000, alert: 10000 };

function toast({ text, role = "status" }) {
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.setAttribute("role", role);
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  close.textContent = "×";
  close.addEventListener("click", () => note.remove());
  note.append(words, close);
  box.append(note);
  setTimeout(() => note.remove(), STAY_MS[role]);
}

document.addEventListener("toast", (event) => toast(event.detail));
