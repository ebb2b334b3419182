// Finds presets by a part of their name or of the words that they set.
import { fill, announce, texts } from "./messages.js";

let timer;
document.addEventListener("input", (event) => { if (event.target.id === "presets-search") search(true); });
document.addEventListener("page:swapped", () => search(false));

function search(announced) {
  const field = document.getElementById("presets-search");
  if (!field) return;
  const terms = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const picker = field.closest(".preset-picker");
  const cells = [...picker.querySelectorAll(".cell")];
  for (const cell of cells) cell.hidden = !terms.every((word) => cell.dataset.searchText.includes(word));
  const count = cells.filter((cell) => !cell.hidden).length;
  picker.classList.toggle("searching", terms.length > 0);
  picker.querySelector(".preset-picker-none").hidden = count > 0;
  clearTimeout(timer);
  if (announced) timer = setTimeout(() => announce(count ? fill(texts.found, { count }) : texts.none, { hidden: true }), 600);
}
