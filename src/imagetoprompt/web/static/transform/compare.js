// The before/after slider over two overlaid pictures.
document.addEventListener("input", (event) => { if (event.target.id === "compare") split(event.target); });
document.addEventListener("page:swapped", start);
start();

function start() {
  const slider = document.getElementById("compare");
  if (slider) split(slider);
}

function split(slider) {
  slider.parentElement.style.setProperty("--at", `${slider.value}%`);
  slider.setAttribute("aria-valuetext", slider.dataset.valuetext.replace("{percent}", slider.value));
}
