// Starts what an element asks for with data-module. Small things live here; large ones are fetched when a page needs them.
const modules = {
  "submit-once"(form) {
    let sent = -Infinity; // A second press is dropped for a moment only: who stops a slow page may send again.
    form.addEventListener("submit", (event) => {
      if (event.timeStamp - sent < 4000) event.preventDefault();
      else sent = event.timeStamp;
    });
  },
  confirm(form) {
    form.addEventListener("submit", (event) => {
      if (!confirm(form.dataset.confirm)) event.preventDefault();
    });
  },
  "auto-submit"(form) {
    let byKey = false; // Arrows and digits change a field step by step: who uses the keyboard presses the button.
    form.addEventListener("keydown", () => (byKey = true));
    form.addEventListener("pointerdown", () => (byKey = false));
    form.addEventListener("change", (event) => {
      if (!byKey && event.target.matches("select, [type=radio], [type=date]")) form.requestSubmit();
    });
  },
  "show-password"(button) {
    const field = document.getElementById(button.dataset.for);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  },
  summary: (box) => box.focus(),
  opening(article) {
    const body = new FormData();
    body.set("csrf_token", article.dataset.token);
    body.set("uid", crypto.randomUUID ? crypto.randomUUID() : "");
    body.set("occurred_at", new Date().toISOString());
    fetch(article.dataset.url, { method: "POST", body, keepalive: true }).catch(() => {});
  },
};

for (const element of document.querySelectorAll("[data-module]")) {
  const name = element.dataset.module;
  if (modules[name]) modules[name](element);
  else import(`js/controllers/${name}`).then((module) => module.start(element));
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.me[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
