// A copy of a page says when it is older than it should be: whoever made it may be down.
// It compares its own time with the reader's clock, so it works on any static hosting.
const copy = document.querySelector("[data-as-of]");
const asOf = Date.parse(copy?.dataset.asOf ?? "");
const limitMs = Number(copy?.dataset.staleMinutes) * 60_000;

function look() {
  const isOld = Date.now() - asOf > limitMs;
  copy.classList.toggle("is-old", isOld);
  copy.querySelector(".old").hidden = !isOld;
}

if (copy && Number.isFinite(asOf) && limitMs > 0) {
  look();
  setInterval(look, 15_000);
}
