// The order of rules by hand: a grip is dragged with mouse or finger. The buttons do the same.
const list = () => document.querySelector("[data-order]");
let held = null;

const middle = (row) => { const box = row.getBoundingClientRect(); return box.top + box.height / 2; };

// The neighbours step aside; what is held stays in the document, so that a finger keeps it.
function follow(event) {
  if (!held || event.pointerId !== held.pointer) return;
  const { row } = held;
  for (let next = row.nextElementSibling; next?.dataset.rule && event.clientY > middle(next); next = row.nextElementSibling)
    row.before(next);
  for (let before = row.previousElementSibling; before && event.clientY < middle(before); before = row.previousElementSibling)
    row.after(before);
  const edge = 60, by = event.clientY < edge ? -12 : event.clientY > innerHeight - edge ? 12 : 0;
  if (by) scrollBy(0, by);
}

function putBack() {
  if (held.next) held.next.before(held.row);
}

function reload() {
  htmx.ajax("GET", location.pathname, { target: "#rules", select: "#rules", swap: "outerHTML" });
}

function letGo(event) {
  if (!held || (event.pointerId !== undefined && event.pointerId !== held.pointer)) return;
  const { row, next } = held;
  if (event.type !== "pointerup") putBack();
  row.classList.remove("is-dragged");
  held = null;
  const now = row.nextElementSibling;
  if (event.type !== "pointerup" || now === next) return;
  const form = row.querySelector("form");
  htmx.ajax("POST", form.getAttribute("action"), {
    source: form, target: "#rules", swap: "outerHTML", values: { before: now?.dataset.rule ?? "" },
  });
}

function take(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  const row = grip.closest("[data-rule]");
  held = { row, next: row.nextElementSibling, pointer: event.pointerId };
  row.classList.add("is-dragged");
}

function start() {
  if (!list()) return;
  document.addEventListener("pointerdown", take);
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", letGo);
  document.addEventListener("pointercancel", letGo);
  document.addEventListener("keydown", (event) => {
    if (!held || event.key !== "Escape") return;
    event.preventDefault();
    letGo({ type: "escape" });
  });
  // somebody else changed the rules meanwhile: show what is there
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (detail.target?.id === "rules") reload();
  });
}

start();
