// The slider of strength: what it means is said while it moves, and asked for once it rests.
const RESTS = 180;
let timer;

document.addEventListener("input", (event) => { if (event.target.id === "strength") tell(event.target); });
document.addEventListener("change", (event) => {
  if (event.target.id !== "strength") return;
  clearTimeout(timer);
  timer = setTimeout(() => document.getElementById("strength")?.form.requestSubmit(), RESTS);
});

function tell(slider) {
  const form = slider.form;
  const [tiers, knobs] = [form.dataset.tiers, form.dataset.knobs].map((each) => JSON.parse(each));
  const notch = Math.round(slider.value * (tiers.length - 1));
  const words = form.querySelector("[data-tier-words]").children[tiers[notch]].textContent;
  form.querySelector(".strength-number").textContent = Number(slider.value).toFixed(2);
  form.querySelector("[data-words]").textContent = words;
  if (knobs[notch]) form.querySelector("[data-knob]").textContent = knobs[notch];
  slider.setAttribute("aria-valuetext", `${slider.value}: ${words}`);
}
