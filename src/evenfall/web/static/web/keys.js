// Keyboard: ? shortcuts, / search, a acknowledge, j and k rows, g then a letter to go. A page has
// more of its own: what has data-press is pressed by that key, and what is dangerous only focused.
const GO_MS = 1500;
let going = 0;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const shown = (element) => element.checkVisibility?.() ?? true;
const first = (selector) => [...document.querySelectorAll(selector)].find(shown);

function search() {
  const field = first("[data-search]");
  if (!field) return location.assign("/search");
  field.focus();
  field.select();
}

function step(by) {
  const rows = [...document.querySelectorAll("main .row-link")].filter(shown);
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, here + by))].focus();
}

function acknowledge() {
  const row = document.activeElement.closest?.("li, tr")?.querySelector("[data-ack]");
  const button = row ?? first("[data-ack]");
  button?.click();
}

const own = (key) => first(`[data-press="${CSS.escape(key)}"]`);
const press = (button) => button.matches(".button-danger") ? button.focus() : button.click();

function line(button) {
  const key = document.createElement("kbd");
  key.textContent = button.dataset.press;
  const [term, words] = [document.createElement("dt"), document.createElement("dd")];
  term.append(key);
  const more = button.matches(".button-danger") ? ", then Enter" : "";
  words.textContent = `${button.textContent.trim()}${more}`;
  return [term, words];
}

function help() {
  const dialog = document.querySelector("[data-shortcuts]");
  if (!dialog) return;
  const found = [...document.querySelectorAll("[data-press]")].filter(shown);
  dialog.querySelector("[data-own-keys]").replaceChildren(...found.flatMap(line));
  dialog.showModal();
}

const ACTS = { "/": search, "?": help, a: acknowledge, j: () => step(1), k: () => step(-1) };

function go(key) {
  going = 0;
  document.querySelector(`[data-go="${CSS.escape(key)}"]`)?.click();
}

// A dialog and the navigation of a phone close by themselves; a menu does not.
function closeMenu() {
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && closeMenu()) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.key === "ArrowDown" && event.target.matches?.("[data-results]")) return step(1);
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (going && Date.now() - going < GO_MS) return go(event.key);
  if (event.key === "g") return void (going = Date.now());
  const button = own(event.key);
  const act = ACTS[event.key] ?? (button && (() => press(button)));
  if (!act) return;
  event.preventDefault();
  act();
}

function start() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortcuts-open]")) help();
  });
}

start();
