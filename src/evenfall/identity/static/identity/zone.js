// A newcomer's browser knows the time zone: choose it, unless the form comes back with another.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const form of document.querySelectorAll("[data-guess-zone]")) {
  const zone = form.elements.namedItem("time_zone");
  const known = [...zone.options].some((option) => option.value === here);
  if (known && !form.querySelector(".errors")) zone.value = here;
}
