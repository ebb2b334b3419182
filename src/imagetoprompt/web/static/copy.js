// Copies the text of a button to the clipboard, also without the Clipboard API, and announces it.
import { announce, texts } from "./messages.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = (await writeClipboard(button.dataset.copy)) || copySelection(button.dataset.copy);
  announce(done ? texts.copied : texts.copy_failed, { hidden: done });
  if (done) showCopied(button);
});

async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// Fallback: a hidden field, selected and copied.
function copySelection(text) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  if (!done) getSelection().selectAllChildren(document.getElementById("prompt-text") ?? document.body);
  return done;
}

function showCopied(button) {
  const label = button.querySelector(".copy-label");
  if (button.classList.contains("copied")) return;
  const before = label.textContent;
  button.style.minWidth = `${button.offsetWidth}px`;
  button.classList.add("copied");
  label.textContent = texts.copied;
  setTimeout(() => {
    button.classList.remove("copied");
    label.textContent = before;
    button.style.minWidth = "";
  }, 1800);
}
