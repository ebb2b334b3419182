// Finds looks by a part of their name or of what they say.
import { fill, say, words } from "./saying.js";

let timer;
document.addEventListener("input", (event) => { if (event.target.id === "looks-search") search(true); });
document.addEventListener("page:swapped", () => search(false));

function search(aloud) {
  const field = document.getElementById("looks-search");
  if (!field) return;
  const asked = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const looks = field.closest(".looks");
  const cells = [...looks.querySelectorAll(".cell")];
  for (const cell of cells) cell.hidden = !asked.every((word) => cell.dataset.find.includes(word));
  const count = cells.filter((cell) => !cell.hidden).length;
  looks.classList.toggle("searching", asked.length > 0);
  looks.querySelector(".looks-none").hidden = count > 0;
  clearTimeout(timer);
  if (aloud) timer = setTimeout(() => say(count ? fill(words.found, { count }) : words.none, { quietly: true }), 600);
}
