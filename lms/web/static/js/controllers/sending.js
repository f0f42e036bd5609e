// Sends a form without leaving its page: where nothing answers, the browser's error page would take its place.
const GIVE_UP_MS = 20000;

// "taken", "unreached", "expired" where the session is another one by now, or "asked back": what is asked or refused is the
// server's to show, so then the browser sends it once more.
export async function send(form, button) {
  const body = new FormData(form);
  if (button?.name) body.set(button.name, button.value);
  const url = button?.getAttribute("formaction") ?? form.action;
  const options = { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout?.(GIVE_UP_MS) };
  const answer = await fetch(url, options).catch(() => null);
  if (!answer || answer.status >= 500) return "unreached";
  if (answer.type === "opaqueredirect") return "taken";
  return answer.status === 400 ? "expired" : "asked back";
}
