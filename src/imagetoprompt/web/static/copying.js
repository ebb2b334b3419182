// Copies what a button carries, also where there is no Clipboard API, and says that it did.
import { say, words } from "./saying.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = (await written(button.dataset.copy)) || selected(button.dataset.copy);
  say(done ? words.copied : words.copy_failed, { quietly: done });
  if (done) show(button);
});

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// The old way: a hidden field, selected and copied.
function selected(text) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  if (!done) getSelection().selectAllChildren(document.getElementById("prompt-text") ?? document.body);
  return done;
}

function show(button) {
  const label = button.querySelector(".copy-label");
  if (button.classList.contains("copied")) return;
  const before = label.textContent;
  button.style.minWidth = `${button.offsetWidth}px`;
  button.classList.add("copied");
  label.textContent = words.copied;
  setTimeout(() => {
    button.classList.remove("copied");
    label.textContent = before;
    button.style.minWidth = "";
  }, 1800);
}
