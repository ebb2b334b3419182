// Before and after: a slider over two pictures that lie on one another.
document.addEventListener("input", (event) => { if (event.target.id === "compare") part(event.target); });
document.addEventListener("page:swapped", all);
all();

function all() {
  const slider = document.getElementById("compare");
  if (slider) part(slider);
}

function part(slider) {
  slider.parentElement.style.setProperty("--at", `${slider.value}%`);
  slider.setAttribute("aria-valuetext", slider.dataset.valuetext.replace("{percent}", slider.value));
}
