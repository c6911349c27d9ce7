// Files are pasted or dropped where a text is written; without this they are chosen by hand. Only
// what the field of the form takes is caught: everything else is pasted as ever.
const fits = (file, input) => {
  const name = file.name.toLowerCase();
  return input.accept.split(",").some((one) => (one.startsWith(".") ? name.endsWith(one) : one === file.type));
};

function show(input) {
  const shown = input.parentElement.querySelector("output");
  const names = [...input.files].map((file) => `${file.name} (${Math.ceil(file.size / 1024)} KB)`);
  if (shown) shown.textContent = names.join(", ");
}

function add(input, files) {
  const held = new DataTransfer();
  for (const file of [...input.files, ...files]) held.items.add(file);
  input.files = held.files;
  show(input);
}

function take(event, transfer, input) {
  const files = [...(transfer?.files ?? [])].filter((file) => fits(file, input));
  if (!files.length) return;
  event.preventDefault();
  add(input, files);
}

for (const area of document.querySelectorAll("textarea[data-files]")) {
  const input = area.form.elements.namedItem(area.dataset.files);
  if (!input) continue;
  input.addEventListener("change", () => show(input));
  area.addEventListener("paste", (event) => take(event, event.clipboardData, input));
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("is-over");
  });
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    area.classList.remove("is-over");
    take(event, event.dataTransfer, input);
  });
}
