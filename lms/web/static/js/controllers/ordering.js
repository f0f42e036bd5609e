// Buttons that move an item; the number fields below them stay the truth.
export function start(list) {
  for (const item of list.children) {
    const box = document.createElement("div");
    box.className = "moves";
    for (const [words, step] of [[list.dataset.up, -1], [list.dataset.down, 1]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary button-small", textContent: `${step < 0 ? "↑" : "↓"} ${words}` });
      button.addEventListener("click", () => move(item, step, button));
      box.append(button);
    }
    item.append(box);
  }

  function place(item) {
    return Number(item.querySelector("select").value) || list.children.length;
  }

  function move(item, step, button) {
    list.append(...[...list.children].sort((one, other) => place(one) - place(other)));
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (other) step < 0 ? other.before(item) : other.after(item);
    [...list.children].forEach((each, index) => { each.querySelector("select").value = index + 1; });
    list.dispatchEvent(new Event("change", { bubbles: true }));
    button.focus();
  }
}
