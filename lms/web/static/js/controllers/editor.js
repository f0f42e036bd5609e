// Saves the draft while one writes, shows the text as readers see it, keeps a copy on the device until it is saved.
import { toolbar } from "js/controllers/toolbar";

const SAVE_AFTER_MS = 1200;
const RETRY_MS = 5000;

export function start(form) {
  const words = JSON.parse(form.dataset.words);
  const source = form.elements.source;
  const state = document.querySelector("[data-part=state]");
  const proof = form.querySelector("[data-part=proof]");
  const store = `pandu-text-${form.dataset.code}`;
  const mute = { message: words.refused };
  let timer = 0, saving = false, dirty = false, leaving = false, stopped = false;

  toolbar(form.querySelector("[data-part=toolbar]"), source, words);
  tabs();
  restore();
  if (form.dataset.unsaved) changed();
  source.addEventListener("input", changed);
  form.addEventListener("submit", submitted);
  form.addEventListener("click", jump);
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
  });
  addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });

  function changed() {
    dirty = true;
    localStorage.setItem(store, JSON.stringify({ text: source.value, version: form.elements.version.value, base: form.elements.based_on.value }));
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, SAVE_AFTER_MS);
  }

  function submitted(event) {
    if (!navigator.onLine) { // Without a signal the browser's error page would take the place of this one.
      event.preventDefault();
      state.textContent = words.unsaved;
      return;
    }
    leaving = true;
    clearTimeout(timer);
    localStorage.removeItem(store);
  }

  async function save() {
    if (saving || stopped) return;
    saving = true;
    const text = source.value;
    state.textContent = words.saving;
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const said = await spoken(answer);
      state.textContent = answer.status === 409 ? words.conflict : said.message;
      stopped = answer.status === 409 || said === mute;
      if (answer.ok && !stopped) {
        form.elements.version.value = said.version;
        dirty = source.value !== text;
        if (!dirty) localStorage.removeItem(store);
        preview();
      }
    } catch {
      state.textContent = words.unsaved;
      timer = setTimeout(save, RETRY_MS);
    }
    saving = false;
    if (dirty && !stopped) timer = setTimeout(save, SAVE_AFTER_MS);
  }

  async function spoken(answer) { // Someone signed out, or a text too big, gets a page and no words.
    if (answer.status >= 500) throw new Error(answer.status);
    return answer.headers.get("Content-Type").includes("json") ? answer.json() : mute;
  }

  async function preview() {
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" } });
      if (answer.ok) proof.innerHTML = await answer.text();
    } catch { /* The line above already says that there is no connection. */ }
  }

  function restore() {
    const kept = JSON.parse(localStorage.getItem(store));
    if (kept === null || kept.text === source.value) return;
    source.value = kept.text;
    form.elements.based_on.value = kept.base;
    form.elements.version.value = kept.version; // Whoever saved meanwhile is not written over.
    state.textContent = words.restored;
    changed();
  }

  function jump(event) {
    const line = event.target.closest("[data-line]")?.dataset.line;
    if (!line) return;
    event.preventDefault();
    const lines = source.value.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    show("source");
    source.focus();
    source.setSelectionRange(from, from + (lines[line - 1] || "").length);
    source.scrollTop = (source.scrollHeight / lines.length) * Math.max(0, line - 4);
  }

  function tabs() {
    const box = form.querySelector("[data-part=tabs]");
    box.hidden = false;
    show("source");
    box.addEventListener("click", (event) => {
      const name = event.target.closest("[data-tab]")?.dataset.tab;
      if (name) show(name);
      if (name === "proof") preview();
    });
  }

  function show(name) {
    form.dataset.tab = name;
    for (const tab of form.querySelectorAll("button[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
  }
}
