// The strength slider: shows its meaning while it moves, and submits once it rests.
const SUBMIT_DELAY_MS = 180;
let timer;

document.addEventListener("input", (event) => { if (event.target.id === "strength") describe(event.target); });
document.addEventListener("change", (event) => {
  if (event.target.id !== "strength") return;
  clearTimeout(timer);
  timer = setTimeout(() => document.getElementById("strength")?.form.requestSubmit(), SUBMIT_DELAY_MS);
});

function describe(slider) {
  const form = slider.form;
  const [tiers, parameters] = [form.dataset.tiers, form.dataset.parameters].map((json) => JSON.parse(json));
  const step = Math.round(slider.value * (tiers.length - 1));
  const words = form.querySelector("[data-tier-words]").children[tiers[step]].textContent;
  form.querySelector(".strength-number").textContent = Number(slider.value).toFixed(2);
  form.querySelector("[data-texts]").textContent = words;
  if (parameters[step]) form.querySelector("[data-parameter]").textContent = parameters[step];
  slider.setAttribute("aria-valuetext", `${slider.value}: ${words}`);
}
