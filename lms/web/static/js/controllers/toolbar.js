// Markdown around the selection, undoable like typing.
export function toolbar(box, source, words) {
  const tools = [
    ["B", words.bold, () => wrap("**", "**")],
    ["I", words.italic, () => wrap("*", "*")],
    ["H", words.heading, () => lines("## ")],
    ["•", words.list, () => lines("- ")],
    ["1.", words.steps, () => lines("1. ")],
    ["“", words.quote, () => lines("> ")],
    [words.table, words.table, () => insert("\n\n| A | B |\n| --- | --- |\n| … | … |\n\n")],
    [words.note, words.note, () => insert('\n\n!!! tip "…"\n    …\n\n')],
    [words.link, words.link, () => wrap("[", "](https://)")],
    [words.image, words.image, () => insert('\n\n![…](media/…svg "…")\n\n')],
  ];
  for (const [face, name, run] of tools) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: face, ariaLabel: name, title: name });
    button.addEventListener("click", () => { source.focus(); run(); });
    box.append(button);
  }
  box.hidden = false;

  const selected = () => source.value.slice(source.selectionStart, source.selectionEnd);
  function insert(text) {
    if (!document.execCommand("insertText", false, text)) {
      source.setRangeText(text, source.selectionStart, source.selectionEnd, "end");
      source.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  function wrap(before, after) { insert(before + selected() + after); }
  function lines(prefix) { insert(selected().split("\n").map((line) => prefix + line).join("\n")); }
}
