// The words of the scripts, and one place where the page says what happened, aloud too.
export const words = JSON.parse(document.documentElement.dataset.words);
const status = document.getElementById("status");
let timer;

export function say(text, { quietly = false } = {}) {
  status.textContent = text;
  status.classList.toggle("shown", !quietly);
  clearTimeout(timer);
  timer = setTimeout(() => status.classList.remove("shown"), 2600);
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A sentence that needs an answer stands in the page until the next change.
export function complain(sentence) {
  const place = document.getElementById("problem-region") ?? document.getElementById("problem");
  if (!place) return say(sentence);
  const box = document.createElement("p");
  box.className = "notice";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  place.replaceChildren(box);
  place.scrollIntoView({ block: "nearest" });
}
