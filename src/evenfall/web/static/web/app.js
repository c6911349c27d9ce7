// The shell's behaviour. Every page works without it; this makes it quicker.

const root = document.documentElement;
const toast = (text, role) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, role } }));

function startTheme() {
  // a page from the device's own cache may be older than the choice
  const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
  if (chosen) root.dataset.theme = chosen;
  document.querySelector("[data-theme-switch]")?.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (!theme) return;
    event.preventDefault();
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.querySelector('meta[name="color-scheme"]').content =
      theme === "system" ? "light dark" : theme;
    for (const button of event.target.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.value === theme));
  });
}

function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.dataset.copy
      ? document.querySelector(button.dataset.copy)
      : button.parentElement.querySelector("code, pre, input");
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      toast("Copied.");
    } catch {
      getSelection().selectAllChildren(source);
      toast("Selected. Copy with Ctrl+C.");
    }
  });
}

// A second tap must not send a form twice; a destructive one asks first.
function startForms() {
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !confirm(question)) return event.preventDefault();
    if (event.target.dataset.sent && event.target.method === "post") return event.preventDefault();
    event.target.dataset.sent = "yes";
    setTimeout(() => delete event.target.dataset.sent, 3000);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.filters, form[data-auto-submit]");
    if (form && !event.target.matches("[type=search], [type=text]")) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
}

// A form that came back begins where it is wrong, not at its top.
function focusFirstError() {
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus;
  if (status === 200) return; // nothing was refused; an older browser does not tell
  document.querySelector("main :is([aria-invalid=true], .field:has(.errors) input)")?.focus();
}

// The server answers htmx with one plain sentence that says what is wrong and what to do.
function startHtmxErrors() {
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { xhr, successful } = detail;
    if (successful || !xhr?.status) return;
    const said = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
    if (said) toast(xhr.responseText, "alert");
    else if (xhr.status !== 422) toast(`That did not work (${xhr.status}). Try again.`, "alert");
  });
  document.addEventListener("htmx:sendError", () => toast("No connection. Nothing was changed.", "alert"));
}

function startServiceWorker() {
  if ("serviceWorker" in navigator && window.isSecureContext)
    navigator.serviceWorker.register("/sw.js").catch(() => {});
}

// Brings the chosen tab into its strip; the page itself stays at its top.
function showChosenTabs() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const strip = tab.closest(".tabs");
    const before = tab.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollLeft += before - (strip.clientWidth - tab.offsetWidth) / 2;
  }
}

showChosenTabs();
startTheme();
startCopy();
startForms();
focusFirstError();
startHtmxErrors();
startServiceWorker();
