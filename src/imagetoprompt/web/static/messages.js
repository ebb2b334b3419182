// Texts of the scripts, and status messages and errors on the page.
export const texts = JSON.parse(document.documentElement.dataset.texts);
const status = document.getElementById("status");
let timer;

// Announces a status to screen readers, and unless `hidden` shows it as a toast.
export function announce(text, { hidden = false } = {}) {
  status.textContent = text;
  status.classList.toggle("shown", !hidden);
  clearTimeout(timer);
  timer = setTimeout(() => status.classList.remove("shown"), 2600);
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// An error stays on the page until the next change.
export function showError(sentence) {
  const region = document.getElementById("problem-region") ?? document.getElementById("problem");
  if (!region) return announce(sentence);
  const box = document.createElement("p");
  box.className = "notice";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  region.replaceChildren(box);
  region.scrollIntoView({ block: "nearest" });
}
