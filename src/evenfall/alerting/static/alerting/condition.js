// Completes names and values in a condition, from the list of those seen lately beside the form.
const SHOWN = 10;
const FUNCTIONS = ["contains(", "startswith(", "endswith(", "matches(", "lower(", "hour(", "weekday(", "working_hours("];
const WORDS = ["summary", "details.", "and ", "or ", "not ", "in "];
const NAME = String.raw`[A-Za-z_]\w*(?:\.\w+|\["[^"]*"\])*`;
// the name that a value is compared with: name ==, name in ("a", name != and contains(name,
const ASKED = new RegExp(String.raw`(${NAME})\s*(?:[=!]=|(?:not\s+)?in\s*[(\[](?:\s*"[^"]*"\s*,)*|,)\s*$`);

const field = document.querySelector("[data-condition]");
const names = [];
const valuesOf = new Map();
let shown = [], chosen = -1, begin = 0;

function readWords() {
  let name = "";
  for (const code of document.querySelectorAll("[data-words] code")) {
    if (code.matches("[data-name]")) { name = code.textContent; names.push(name); valuesOf.set(name, []); }
    else valuesOf.get(name).push(code.textContent);
  }
}

// Inside a text there is an odd number of quotation marks before the caret.
function offers(text) {
  const quote = text.lastIndexOf('"');
  if ((text.split('"').length - 1) % 2) {
    const asked = ASKED.exec(text.slice(0, quote))?.[1];
    return { from: quote + 1, typed: text.slice(quote + 1), found: valuesOf.get(asked) ?? [] };
  }
  const typed = /[A-Za-z_][\w.]*$/.exec(text)?.[0] ?? "";
  return { from: text.length - typed.length, typed, found: typed ? [...names, ...FUNCTIONS, ...WORDS] : [] };
}

function fits(found, typed) {
  const sought = typed.toLowerCase();
  const begins = found.filter((one) => one.toLowerCase().startsWith(sought));
  const has = found.filter((one) => !begins.includes(one) && sought && one.toLowerCase().includes(sought));
  return [...begins, ...has].filter((one) => one !== typed).slice(0, SHOWN);
}

function draw() {
  box.replaceChildren(...shown.map((text, at) => {
    const item = document.createElement("li");
    Object.assign(item, { id: `completion-${at}`, textContent: text });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(at === chosen));
    return item;
  }));
  box.hidden = !shown.length;
  if (chosen < 0) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `completion-${chosen}`);
}

function close() {
  shown = [];
  chosen = -1;
  draw();
}

function offer() {
  const { from, typed, found } = offers(field.value.slice(0, field.selectionStart));
  begin = from;
  shown = fits(found, typed);
  chosen = -1;
  draw();
}

function accept(text) {
  const inside = field.value[begin - 1] === '"';
  const open = inside && field.value[field.selectionEnd] !== '"';
  const escaped = inside ? text.replace(/[\\"]/g, "\\$&") : text;
  field.setRangeText(open ? `${escaped}"` : escaped, begin, field.selectionEnd, "end");
  field.focus();
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

function pressed(event) {
  if (!shown.length) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const by = event.key === "ArrowDown" ? 1 : -1;
    chosen = (chosen + by + shown.length + (chosen < 0 && by < 0 ? 1 : 0)) % shown.length;
    draw();
  } else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) accept(shown[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}

const box = Object.assign(document.createElement("ul"), { id: "completions", className: "completions", hidden: true });

function start() {
  if (!field) return;
  readWords();
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "Names and values seen lately");
  field.after(box);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", box.id);
  field.addEventListener("input", offer);
  field.addEventListener("keydown", pressed);
  field.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const item = event.target.closest("li");
    if (item) accept(item.textContent);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-caret]");
    if (!button) return;
    const at = Number(button.dataset.caret);
    field.focus();
    field.setSelectionRange(at, at + 1);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (document.querySelector("#rule-preview [data-caret]")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  });
}

start();
