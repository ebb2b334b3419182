// The mask editor: strokes are kept, so that each can be undone, and are uploaded as a picture of the
// original's size when they are used.
const STROKE = "rgb(0, 170, 170)";
let picture = "";
let strokes = [];
let stroke = null;
let base = null;

document.addEventListener("page:swapped", start);
start();

function editor() { return document.getElementById("mask-editor"); }

function start() {
  const here = document.getElementById("layout")?.dataset.picture ?? "";
  if (here !== picture) { strokes = []; picture = here; }
  stroke = base = null;
  const form = editor();
  if (!form) return;
  const { width, height } = form.querySelector("svg").viewBox.baseVal;
  Object.assign(form.querySelector("canvas"), { width, height });
  draw();
}

function at(event, canvas) {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
}

document.addEventListener("pointerdown", (event) => {
  const canvas = event.target.closest?.("[data-mask-editor] canvas");
  if (!canvas || event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  const erase = document.getElementById("tool-erase").checked;
  const size = document.getElementById("brush").value / 100 * Math.max(canvas.width, canvas.height);
  stroke = { erase, size, points: [at(event, canvas)] };
  strokes.push(stroke);
  draw();
});

document.addEventListener("pointermove", (event) => {
  const canvas = event.target.closest?.("[data-mask-editor] canvas");
  if (!stroke || !canvas) return;
  for (const move of event.getCoalescedEvents?.() ?? [event]) stroke.points.push(at(move, canvas));
  draw();
});

for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { stroke = null; });

document.addEventListener("click", (event) => {
  const what = event.target.closest("[data-mask-editor] [data-action]")?.dataset.action;
  if (what === "undo") strokes.pop();
  else if (what) strokes.push({ whole: what });
  else return;
  draw();
});

// Feathering is submitted at once, unless there are unused strokes.
document.addEventListener("change", (event) => {
  if (event.target.id === "feather" && !strokes.length && editor().querySelector("[data-box], [data-mask]")) editor().requestSubmit();
});

document.addEventListener("formdata", (event) => {
  if ("maskEditor" in event.target.dataset && event.formData.get("feather") === "0") event.formData.delete("feather");
});

// What the address masks already, in the canvas's colors; strokes are added to it.
function baseMask(form, canvas) {
  if (base) return base;
  base = new OffscreenCanvas(canvas.width, canvas.height);
  const context = base.getContext("2d");
  context.fillStyle = STROKE;
  for (const { x, y, width, height } of form.querySelectorAll("[data-box]")) context.fillRect(...[x, y, width, height].map((length) => length.baseVal.value));
  const drawn = form.querySelector("[data-mask]");
  if (drawn) load(drawn.href.baseVal, context);
  return base;
}

async function load(source, context) {
  const image = new Image();
  image.src = source;
  await image.decode().catch(() => null);
  const { width, height } = context.canvas;
  context.drawImage(image, 0, 0, width, height);
  const seen = context.getImageData(0, 0, width, height);
  const [red, green, blue] = STROKE.match(/\d+/g);
  for (let n = 0; n < seen.data.length; n += 4) seen.data.set([red, green, blue, seen.data[n] > 127 ? 255 : 0], n);
  context.putImageData(seen, 0, 0);
  draw();
}

function draw() {
  const form = editor();
  const canvas = form.querySelector("canvas");
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = "source-over";
  context.clearRect(0, 0, canvas.width, canvas.height);
  form.classList.toggle("drawing", strokes.length > 0);
  form.querySelector("#mask-use").hidden = !strokes.length;
  form.querySelector("#mask-undo").disabled = !strokes.length;
  if (!strokes.length) return;
  context.drawImage(baseMask(form, canvas), 0, 0);
  for (const item of strokes) drawStroke(context, item);
}

function drawStroke(context, { whole, erase, size, points }) {
  const { width, height } = context.canvas;
  context.fillStyle = context.strokeStyle = STROKE;
  if (whole) {
    context.globalCompositeOperation = whole === "invert" ? "source-out" : "destination-out";
    context.fillRect(0, 0, width, height);
    return;
  }
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  Object.assign(context, { lineWidth: size, lineCap: "round", lineJoin: "round" });
  context.beginPath();
  context.moveTo(...points[0]);
  for (const point of points) context.lineTo(...point);
  context.stroke();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("maskEditor" in form.dataset) || !strokes.length) return;
  event.preventDefault();
  event.stopPropagation();
  const status = form.querySelector("[data-status]");
  if (empty(form.querySelector("canvas"))) return void (status.textContent = form.dataset.empty);
  status.textContent = form.dataset.sending;
  const reply = await send(await maskPng(form), form.dataset.token);
  if (!reply?.id) return void (status.textContent = reply?.error ?? form.dataset.failed);
  strokes = [];
  for (const field of form.querySelectorAll("[name=box]")) field.remove();
  form.elements.mask.value = reply.id;
  form.requestSubmit();
}, true);

function empty(canvas) {
  const small = new OffscreenCanvas(200, 200).getContext("2d");
  small.drawImage(canvas, 0, 0, 200, 200);
  return !small.getImageData(0, 0, 200, 200).data.some((value, n) => n % 4 === 3 && value > 127);
}

// The mask as a PNG in white on black, as large as the original.
async function maskPng(form) {
  const target = new OffscreenCanvas(Number(form.dataset.width), Number(form.dataset.height));
  const context = target.getContext("2d");
  context.drawImage(form.querySelector("canvas"), 0, 0, target.width, target.height);
  for (const [how, color] of [["source-in", "white"], ["destination-over", "black"]]) {
    Object.assign(context, { globalCompositeOperation: how, fillStyle: color });
    context.fillRect(0, 0, target.width, target.height);
  }
  return target.convertToBlob({ type: "image/png" });
}

async function send(blob, token) {
  const data = new FormData();
  data.set("token", token);
  data.set("mask", "1");
  data.set("picture", blob, "mask.png");
  try {
    const answer = await fetch("/aside", { method: "POST", body: data, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return null;
  }
}
