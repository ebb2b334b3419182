// Opens a fact from its words in the prompt, closes it again, and adds a picked color to its words.
const main = document.getElementById("main");

main.addEventListener("click", (event) => {
  const piece = event.target.closest("a[href^='#fact-']");
  if (piece) {
    event.preventDefault();
    const chip = main.querySelector(`.facts ${piece.hash}`);
    if (chip) open(chip);
  }
  for (const chip of main.querySelectorAll("details[name=fact][open]")) if (!chip.contains(event.target) && !piece) chip.open = false;
});

function open(chip) {
  chip.closest("details.fold")?.setAttribute("open", "");
  chip.open = true;
  chip.querySelector("summary").focus({ preventScroll: true });
  chip.scrollIntoView({ block: "nearest" });
}

main.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const chip = event.target.closest("details[name=fact][open]");
  if (!chip) return;
  chip.open = false;
  chip.querySelector("summary").focus();
});

main.addEventListener("change", (event) => {
  const field = event.target.dataset.into && document.getElementById(event.target.dataset.into);
  if (field) field.value = [field.value.trim(), event.target.value.toUpperCase()].filter(Boolean).join(", ");
});
