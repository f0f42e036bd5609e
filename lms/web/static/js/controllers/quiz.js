// One question at a time, saved after each change. The line below always says what is true.
// Only what changed on this device is sent, so that two devices do not undo each other's answers.
import { send } from "js/controllers/sending";

const SAVE_AFTER_MS = 800;
const HURRY_MS = 10000; // With less time left each change is sent at once: what is chosen in the last second counts.
const GIVE_UP_MS = 20000; // A save without an answer so long has not reached the server.
const RETRY_MS = [2000, 5000, 10000, 30000];

export function start(form) {
  const words = JSON.parse(form.dataset.words);
  const questions = [...form.querySelectorAll(".question")];
  const end = form.querySelector(".quiz-end");
  const [saved, until, credits] = ["saved", "until", "credits"].map((part) => document.querySelector(`[data-part=${part}]`));
  const page = form.dataset.save.replace(/\/[^/]+$/, "");
  const store = `pandu-attempt-${form.dataset.uid}`;
  const owners = new Map(questions.flatMap((each) => [...each.querySelectorAll("[name^=a-]")].map((field) => [field.name, each.dataset.id])));
  const unsaved = new Map(); // question → the version of its last change, until the server has confirmed it
  const marked = new Set();
  let current = 0, timer = 0, tries = 0, version = 0, ends = null, isOver = false, isSaving = false, isDue = false, isSending = false, isReached = false;
  let failing = null; // when saves began to miss the server; the fair clock hears of it

  form.querySelector("[data-part=save]").hidden = true; // It stays the button that Enter presses: never a check of another question, never the end.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, id] of owners) if (!unsaved.has(id)) formData.delete(name);
    formData.delete("s[]");
    for (const id of unsaved.keys()) formData.append("s[]", id);
    if (failing) formData.set("unreached", Math.round(Math.max(...clocks().map((now, at) => now - failing[at])) / 1000));
  });
  restore();
  const strip = buildStrip();
  const steps = buildSteps();
  const first = [isTooLong, isLinked, (question) => !isAnswered(question)].map((isWanted) => questions.findIndex(isWanted));
  show(first.find((index) => index >= 0) ?? 0, false);
  form.querySelectorAll("textarea").forEach(countWords);

  document.getElementById("kosong")?.addEventListener("click", (event) => {
    const index = questions.findIndex((question) => `#${question.id}` === event.target.hash);
    if (index < 0) return;
    event.preventDefault();
    show(index, true);
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (isReached) return;
    event.preventDefault();
    clearTimeout(timer);
    if (event.submitter?.name !== "simpan") handIn(event.submitter);
    else if (unsaved.size) save();
  });
  addEventListener("online", () => unsaved.size && save());
  document.addEventListener("visibilitychange", () => document.hidden || (unsaved.size && save()));
  addEventListener("pagehide", () => unsaved.size && navigator.sendBeacon(form.dataset.save, new FormData(form)));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (form.dataset.left) countDown(Number(form.dataset.left));

  function changed(event) {
    unsaved.set(event.target.closest(".question").dataset.id, ++version);
    keep();
    paint();
    clearTimeout(timer);
    timer = setTimeout(save, ends && leftMs() < HURRY_MS ? 0 : SAVE_AFTER_MS);
  }

  // A copy of what the server has not confirmed, for a page that is closed or loaded anew meanwhile.
  function keep() {
    const fields = [...new FormData(form)].filter(([name]) => name.startsWith("a-"));
    try {
      if (unsaved.size) localStorage.setItem(store, JSON.stringify({ ids: [...unsaved.keys()], fields, failingSince: failing?.[0] }));
      else localStorage.removeItem(store);
    } catch { /* A full or forbidden store only loses this second copy. */ }
  }

  // One save at a time: an older one must not arrive after a newer one.
  async function save() {
    clearTimeout(timer);
    isDue = isSaving;
    if (isSaving || isSending) return;
    isSaving = true;
    await sendChanges();
    isSaving = false;
    if (isDue) save();
  }

  async function sendChanges(isRenewed = false) {
    const sending = version;
    say(words.saving, "saving");
    let answer, said;
    try {
      answer = await ask(form.dataset.save, { method: "POST", body: new FormData(form) });
      said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    } catch {
      return missed(words.offline);
    }
    if (answer.redirected) return retry(words.out);
    if (!said) return answer.status < 500 ? renew(isRenewed) : missed(words.down);
    tries = 0;
    failing = null;
    say(said.message, answer.ok ? "saved" : "kept");
    if (answer.ok) confirm(said, sending);
    else if (said.code === "already_handed_in") close();
    else if (said.code === "time_is_up") form.requestSubmit();
  }

  // Hands in, or checks an answer: what was checked is shown by the browser's own way there, and twice is once.
  async function handIn(button) {
    if (isSending) return;
    isSending = true;
    say(words.sending, "saving");
    const came = await send(form, button);
    if (came === "taken" && !button?.hasAttribute("formaction")) return location.replace(page);
    isSending = false;
    if (came === "unreached") return missed(words.unsent);
    if (came === "expired") return renew(false);
    isReached = true;
    form.requestSubmit(button);
  }

  // Whoever signed out and in again has another token: the page as it is now holds it, or says that nobody is signed in.
  async function renew(isRenewed) {
    let answer, token;
    try {
      answer = await ask(page);
      token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#quiz [name=csrf_token]");
    } catch {
      return missed(words.offline);
    }
    if (answer.redirected) return retry(words.out);
    if (isRenewed || !token) return retry(words.stale);
    form.elements.csrf_token.value = token.value;
    return sendChanges(true);
  }

  function ask(url, options) {
    return fetch(url, { ...options, signal: AbortSignal.timeout?.(GIVE_UP_MS) });
  }

  function confirm(said, sending) {
    for (const [id, changedIn] of unsaved) if (changedIn <= sending) unsaved.delete(id);
    keep();
    if (said.left_s === null) return;
    until.textContent = said.until;
    credits.replaceChildren(...said.credits.map((textContent) => Object.assign(document.createElement("p"), { textContent })));
    ends = clocks().map((now) => now + said.left_s * 1000);
    if (isOver && said.left_s === 0) form.requestSubmit();
    isOver = false;
  }

  // Handed in on another device: this one only leads to the result.
  function close() {
    localStorage.removeItem(store);
    unsaved.clear();
    say(words.over, "kept");
  }

  function missed(text) {
    failing ??= clocks();
    keep();
    retry(text);
  }

  function retry(text) {
    say(text, "kept");
    timer = setTimeout(save, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
  }

  function say(text, state) {
    saved.textContent = text;
    saved.dataset.state = state;
  }

  function restore() {
    const kept = JSON.parse(localStorage.getItem(store) || "null");
    if (!kept?.ids) return;
    failing = kept.failingSince ? [kept.failingSince, performance.now()] : null;
    for (const field of form.elements) {
      if (!kept.ids.includes(owners.get(field.name))) continue;
      const values = kept.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
      unsaved.set(owners.get(field.name), ++version);
    }
    if (!unsaved.size) return;
    say(words.restored, "kept");
    timer = setTimeout(save, SAVE_AFTER_MS);
  }

  function countWords(text) {
    const count = Object.assign(document.createElement("p"), { className: "hint" });
    const tell = () => { count.textContent = text.dataset.count.replace("{n}", text.value.split(/\s+/).filter(Boolean).length); };
    text.after(count);
    text.addEventListener("input", tell);
    tell();
  }

  function isAnswered(question) {
    return "checked" in question.dataset || [...question.querySelectorAll("[name^=a-]")].some((field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim()));
  }

  function isLinked(question) {
    return `#${question.id}` === location.hash;
  }

  function isTooLong(question) {
    return [...question.querySelectorAll("[maxlength]")].some((field) => field.value.length > field.maxLength);
  }

  function buildStrip() {
    const list = document.createElement("ol");
    list.className = "strip";
    questions.forEach((question, index) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: index + 1 });
      button.addEventListener("click", () => show(index, true));
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    });
    form.prepend(list);
    return [...list.querySelectorAll("button")];
  }

  function buildSteps() {
    const box = document.createElement("div");
    box.className = "steps";
    const [back, mark, next] = [words.back, words.mark, words.next].map((text, index) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      button.className = index === 2 ? "button" : "button button-secondary";
      box.append(button);
      return button;
    });
    back.addEventListener("click", () => show(current - 1, true));
    next.addEventListener("click", () => show(current + 1, true));
    mark.addEventListener("click", () => { marked.has(current) ? marked.delete(current) : marked.add(current); paint(); });
    box.prepend(saved);
    end.before(box);
    return { back, mark, next };
  }

  function show(index, focus) {
    current = Math.min(Math.max(index, 0), questions.length - 1);
    questions.forEach((question, at) => { question.hidden = at !== current; });
    paint();
    if (focus) questions[current].querySelector(".question-stem").focus();
  }

  function paint() {
    const last = current === questions.length - 1;
    steps.back.hidden = current === 0;
    steps.next.hidden = last;
    steps.mark.textContent = marked.has(current) ? words.unmark : words.mark;
    end.hidden = !last && !form.elements.kosong && !questions.every(isAnswered);
    strip.forEach((button, index) => {
      const states = [isAnswered(questions[index]) ? "answered" : "blank", ...(marked.has(index) ? ["marked"] : [])];
      button.dataset.state = states.join(" ");
      button.ariaLabel = `${words.of.replace("{n}", index + 1).replace("{total}", questions.length)}: ${states.map((state) => words[state]).join(", ")}`;
      index === current ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current");
    });
  }

  // The device's clock may be set anew meanwhile, the page's own stands still while the device sleeps: two are read.
  function clocks() {
    return [Date.now(), performance.now()];
  }

  function leftMs() {
    return Math.max(0, Math.min(...clocks().map((now, at) => ends[at] - now)));
  }

  // The server's clock, told as seconds that are left: a wrong clock on the device does no harm.
  function countDown(seconds) {
    const clock = document.createElement("p");
    clock.className = "soft";
    clock.setAttribute("role", "timer");
    form.prepend(clock);
    ends = clocks().map((now) => now + seconds * 1000);
    tick();
    setInterval(tick, 1000);

    function tick() {
      const left = Math.ceil(leftMs() / 1000);
      clock.textContent = `${words.left} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left > 0 || isOver) return;
      isOver = true; // A last save first: it may prove that the clock must be put forward, and without it nothing is handed in.
      save();
    }
  }
}
