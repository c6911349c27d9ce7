// While somebody types the draft, each text that nobody touched says the same; without this the
// button copies it.
const draft = document.querySelector("textarea[data-draft]");
const texts = [...document.querySelectorAll("textarea[data-of-draft]")];
const touched = new Set(texts.filter((text) => text.value && text.value !== draft?.value));

for (const text of texts) text.addEventListener("input", () => touched.add(text));
draft?.addEventListener("input", () => {
  for (const text of texts) if (!touched.has(text)) text.value = draft.value;
});
