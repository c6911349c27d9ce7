// A click on a value asks what it is, and fills the form below, which does the same by itself.
const form = document.querySelector("#mapping-form");
const parts = document.querySelector("#mapping-parts");
let back = "";

const named = (name) => form.elements.namedItem(name);

// A path that this select does not offer yet becomes one of its choices.
function choose(select, path) {
  if (path && ![...select.options].some((one) => one.value === path)) select.add(new Option(path, path));
  select.value = path;
}

function forget(path) {
  for (const select of form.querySelectorAll('select[name^="at-"], select[name^="label-at-"]'))
    if (select.value === path) select.value = "";
}

function asLabel(path, leaf) {
  for (const row of form.querySelectorAll("[data-label-rows] .map-row")) {
    const name = row.querySelector("input"), at = row.querySelector("select");
    if (name.value && at.value !== path) continue;
    name.value ||= leaf.replace(/[^A-Za-z0-9_]+/g, "_");
    choose(at, path);
    return;
  }
}

function say(path, leaf, what) {
  if (what === "nothing") forget(path);
  else if (what === "label") asLabel(path, leaf);
  else choose(named(`at-${what}`), path);
  back = path;
  htmx.trigger(parts, "mapped");
}

function ask(leaf) {
  form.querySelector(".sample select")?.remove();
  const select = document.createElement("select");
  select.setAttribute("aria-label", `What ${leaf.dataset.path} is`);
  const isWhole = leaf.hasAttribute("data-whole");
  for (const option of form.querySelector("[data-fields]").content.children)
    if (!isWhole || option.hasAttribute("data-whole") || !option.value || option.value === "nothing")
      select.append(option.cloneNode(true));
  leaf.after(select);
  select.focus();
  select.addEventListener("change", (event) => {
    event.stopPropagation();
    const name = leaf.dataset.path.split(/[.[\]"]+/).filter(Boolean).at(-1);
    if (select.value) say(leaf.dataset.path, name, select.value);
  });
  select.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    select.remove();
    leaf.focus();
  });
}

// What was pasted before this script came has changed unheard; what is being written has not yet.
function hearPasted() {
  const pasted = named("pasted");
  if (pasted.value !== pasted.defaultValue && document.activeElement !== pasted)
    htmx.trigger(parts, "mapped");
}

function start() {
  if (!form) return;
  form.addEventListener("click", (event) => {
    const leaf = event.target.closest(".leaf");
    if (leaf) ask(leaf);
  });
  // after the parts came anew, the focus is where it was
  document.addEventListener("htmx:afterSettle", () => {
    if (!back) return;
    form.querySelector(`.leaf[data-path="${CSS.escape(back)}"]`)?.focus({ preventScroll: true });
    back = "";
  });
  document.addEventListener("htmx:load", hearPasted, { once: true });
}

start();
