// The outpainting frame: its sides are dragged, or entered as numbers.
const SIDES = ["left", "top", "right", "bottom"];
const SNAP = 0.02;
const SUBMIT_DELAY_MS = 400;
let drag = null;
let timer;

document.addEventListener("page:swapped", start);
start();

function start() {
  const form = document.getElementById("outpaint-editor");
  if (form) draw(form);
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-frame] .handle");
  if (!handle || event.button) return;
  event.preventDefault();
  drag = { form: handle.closest("form"), side: handle.dataset.side };
  handle.setPointerCapture(event.pointerId);
  drag.form.classList.add("dragging");
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const svg = drag.form.querySelector("svg");
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const [width, height] = pictureSize(svg);
  const out = { left: -at.x / width, top: -at.y / height, right: at.x / width - 1, bottom: at.y / height - 1 }[drag.side];
  const field = drag.form.elements[drag.side];
  field.value = out < SNAP ? 0 : Math.min(Number(field.max), Math.round(out * 100) / 100);
  draw(drag.form);
});

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (!drag) return;
    const { form } = drag;
    drag = null;
    form.classList.remove("dragging");
    if (SIDES.some((side) => form.elements[side].value !== form.elements[side].defaultValue)) form.requestSubmit();
  });
}

document.addEventListener("input", (event) => {
  if (event.target.form?.id === "outpaint-editor") draw(event.target.form);
});
document.addEventListener("change", (event) => {
  if (event.target.form?.id !== "outpaint-editor") return;
  clearTimeout(timer);
  timer = setTimeout(() => document.getElementById("outpaint-editor")?.requestSubmit(), SUBMIT_DELAY_MS);
});

function pictureSize(svg) {
  const image = svg.querySelector("image");
  return [image.width.baseVal.value, image.height.baseVal.value];
}

function draw(form) {
  const svg = form.querySelector("svg");
  const [width, height] = pictureSize(svg);
  const [left, top, right, bottom] = SIDES.map((side) => Math.max(0, Number(form.elements[side].value) || 0));
  const [x, y, wide, high] = [-left * width, -top * height, (1 + left + right) * width, (1 + top + bottom) * height];
  for (const rect of svg.querySelectorAll(".frame-result, .frame-line")) {
    for (const [name, value] of Object.entries({ x, y, width: wide, height: high })) rect.setAttribute(name, value);
  }
  const unit = svg.viewBox.baseVal.width / 100;
  const positions = { left: [x, y + high / 2], top: [x + wide / 2, y], right: [x + wide, y + high / 2], bottom: [x + wide / 2, y + high] };
  for (const handle of svg.querySelectorAll(".handle")) {
    handle.setAttribute("transform", `translate(${positions[handle.dataset.side].join(" ")}) scale(${unit})`);
  }
  const size = [(1 + left + right) * form.dataset.width, (1 + top + bottom) * form.dataset.height];
  form.querySelector("[data-result]").value = size.map(Math.round).join(" × ");
}
