import { send } from "js/controllers/sending";

// What is ticked and typed stays in this tab until it has been sent: a session that ended meanwhile loses nothing.
// Never beyond the tab: the device may be shared, and the survey without names.
export function start(place) {
  const store = `pandu-survey-${place.dataset.key}`;
  if (!(place instanceof HTMLFormElement)) {
    if ("sent" in place.dataset) sessionStorage.removeItem(store);
    return;
  }
  // A survey is sent once: by its button, never by Enter in an answer.
  place.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches("input") && event.preventDefault());
  place.addEventListener("submit", submitted);
  const fields = [...place.querySelectorAll("[name^=a-]")];
  const isTicked = (field) => field.type === "radio" || field.type === "checkbox";
  try {
    for (const [name, value] of JSON.parse(sessionStorage.getItem(store) || "[]")) {
      for (const field of fields.filter((each) => each.name === name)) {
        if (!isTicked(field)) field.value = value;
        else if (field.value === value) field.checked = true;
      }
    }
    place.addEventListener("input", () => {
      const kept = fields.filter((field) => !isTicked(field) || field.checked).map((field) => [field.name, field.value]);
      sessionStorage.setItem(store, JSON.stringify(kept));
    });
  } catch { /* A full or forbidden store only loses this second copy. */ }

  let isSending = false, isReached = false;
  async function submitted(event) {
    if (isReached) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const came = await send(place, event.submitter);
    if (came === "taken") return location.replace(place.dataset.page);
    isSending = false;
    place.querySelector("[data-part=unsent]").hidden = came !== "unreached";
    if (came === "unreached") return;
    isReached = true;
    place.requestSubmit(event.submitter);
  }
}
