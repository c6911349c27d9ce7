// Images are pasted or dropped where a note is written; without this they are chosen as files.
const isImage = (file) => /^image\/(png|jpeg|webp|gif)$/.test(file.type);

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
  const images = [...(transfer?.files ?? [])].filter(isImage);
  if (!images.length) return;
  event.preventDefault();
  add(input, images);
}

for (const area of document.querySelectorAll("textarea[data-images]")) {
  const input = area.form.elements.namedItem(area.dataset.images);
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
