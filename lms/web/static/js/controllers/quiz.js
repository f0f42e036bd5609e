// One question at a time, saved after each change. The line below always says what is true.
const SAVE_AFTER_MS = 800;
const RETRY_MS = [2000, 5000, 10000, 30000];

export function start(form) {
  const words = JSON.parse(form.dataset.words);
  const questions = [...form.querySelectorAll(".question")];
  const end = form.querySelector(".quiz-end");
  const saved = form.querySelector("[data-part=saved]");
  const store = `pandu-attempt-${form.dataset.uid}`;
  const marked = new Set();
  let current = 0, timer = 0, tries = 0, version = 0, sent = 0;

  restore();
  const strip = buildStrip();
  const steps = buildSteps();
  show(Math.max(0, questions.findIndex((question) => !isAnswered(question))), false);

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); });
  addEventListener("online", () => { if (sent !== version) save(); });
  addEventListener("pagehide", () => { if (sent !== version) navigator.sendBeacon(form.dataset.save, new FormData(form)); });
  if (form.dataset.deadline) countDown(new Date(form.dataset.deadline));

  function changed() {
    version += 1;
    localStorage.setItem(store, JSON.stringify([...new FormData(form)].filter(([name]) => name.startsWith("a-"))));
    paint();
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  }

  async function save() {
    const sending = version;
    clearTimeout(timer);
    say(words.saving, "saving");
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form) });
      const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.status >= 500 || !said.message) throw new Error(answer.status);
      tries = 0;
      say(said.message, answer.ok ? "saved" : "kept");
      if (answer.ok) sent = sending;
      if (answer.ok && sending === version) localStorage.removeItem(store);
    } catch {
      say(words.kept, "kept");
      timer = setTimeout(save, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
    }
  }

  function say(text, state) {
    saved.textContent = text;
    saved.dataset.state = state;
  }

  function restore() {
    const kept = JSON.parse(localStorage.getItem(store) || "null");
    if (!kept) return;
    for (const field of form.elements) {
      if (!field.name.startsWith("a-")) continue;
      const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    version = 1;
    say(words.restored, "kept");
    timer = setTimeout(save, SAVE_AFTER_MS);
  }

  function isAnswered(question) {
    return [...question.querySelectorAll("[name^=a-]")].some((field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim()));
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
    end.before(saved, box);
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
    end.hidden = !last && !questions.every(isAnswered);
    strip.forEach((button, index) => {
      const states = [isAnswered(questions[index]) ? "answered" : "blank", ...(marked.has(index) ? ["marked"] : [])];
      button.dataset.state = states.join(" ");
      button.ariaLabel = `${words.of.replace("{n}", index + 1).replace("{total}", questions.length)}: ${states.map((state) => words[state]).join(", ")}`;
      index === current ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current");
    });
  }

  function countDown(deadline) {
    const clock = document.createElement("p");
    clock.className = "soft";
    clock.setAttribute("role", "timer");
    form.prepend(clock);
    const tick = setInterval(() => {
      const left = Math.max(0, Math.round((deadline - Date.now()) / 1000));
      clock.textContent = `${words.left} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left === 0) { clearInterval(tick); form.requestSubmit(); }
    }, 1000);
  }
}
