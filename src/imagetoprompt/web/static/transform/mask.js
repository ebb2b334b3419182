// A mask painted over the picture: strokes are kept, so that each can be taken back, and are sent
// as a picture of the original's size once they are wanted.
const STROKE = "rgb(0, 170, 170)";
let picture = "";
let strokes = [];
let stroke = null;
let base = null;

document.addEventListener("page:swapped", start);
start();

function easel() { return document.getElementById("easel"); }

function start() {
  const here = document.getElementById("desk")?.dataset.picture ?? "";
  if (here !== picture) { strokes = []; picture = here; }
  stroke = base = null;
  const form = easel();
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
  const canvas = event.target.closest?.("[data-easel] canvas");
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
  const canvas = event.target.closest?.("[data-easel] canvas");
  if (!stroke || !canvas) return;
  for (const each of event.getCoalescedEvents?.() ?? [event]) stroke.points.push(at(each, canvas));
  draw();
});

for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { stroke = null; });

document.addEventListener("click", (event) => {
  const what = event.target.closest("[data-easel] [data-do]")?.dataset.do;
  if (what === "undo") strokes.pop();
  else if (what) strokes.push({ whole: what });
  else return;
  draw();
});

// A softer edge counts at once, unless strokes wait to be used.
document.addEventListener("change", (event) => {
  if (event.target.id === "feather" && !strokes.length && easel().querySelector("[data-box], [data-mask]")) easel().requestSubmit();
});

document.addEventListener("formdata", (event) => {
  if ("easel" in event.target.dataset && event.formData.get("feather") === "0") event.formData.delete("feather");
});

// What the address marks already, in the canvas's own colors; painted strokes go on from there.
function ground(form, canvas) {
  if (base) return base;
  base = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = base.getContext("2d");
  pen.fillStyle = STROKE;
  for (const { x, y, width, height } of form.querySelectorAll("[data-box]")) pen.fillRect(...[x, y, width, height].map((each) => each.baseVal.value));
  const drawn = form.querySelector("[data-mask]");
  if (drawn) load(drawn.href.baseVal, pen);
  return base;
}

async function load(source, pen) {
  const image = new Image();
  image.src = source;
  await image.decode().catch(() => null);
  const { width, height } = pen.canvas;
  pen.drawImage(image, 0, 0, width, height);
  const seen = pen.getImageData(0, 0, width, height);
  const [red, green, blue] = STROKE.match(/\d+/g);
  for (let n = 0; n < seen.data.length; n += 4) seen.data.set([red, green, blue, seen.data[n] > 127 ? 255 : 0], n);
  pen.putImageData(seen, 0, 0);
  draw();
}

function draw() {
  const form = easel();
  const canvas = form.querySelector("canvas");
  const pen = canvas.getContext("2d");
  pen.globalCompositeOperation = "source-over";
  pen.clearRect(0, 0, canvas.width, canvas.height);
  form.classList.toggle("drawing", strokes.length > 0);
  form.querySelector("#mask-use").hidden = !strokes.length;
  form.querySelector("#mask-undo").disabled = !strokes.length;
  if (!strokes.length) return;
  pen.drawImage(ground(form, canvas), 0, 0);
  for (const each of strokes) lay(pen, each);
}

function lay(pen, { whole, erase, size, points }) {
  const { width, height } = pen.canvas;
  pen.fillStyle = pen.strokeStyle = STROKE;
  if (whole) {
    pen.globalCompositeOperation = whole === "invert" ? "source-out" : "destination-out";
    pen.fillRect(0, 0, width, height);
    return;
  }
  pen.globalCompositeOperation = erase ? "destination-out" : "source-over";
  Object.assign(pen, { lineWidth: size, lineCap: "round", lineJoin: "round" });
  pen.beginPath();
  pen.moveTo(...points[0]);
  for (const point of points) pen.lineTo(...point);
  pen.stroke();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("easel" in form.dataset) || !strokes.length) return;
  event.preventDefault();
  event.stopPropagation();
  const said = form.querySelector("[data-said]");
  if (empty(form.querySelector("canvas"))) return void (said.textContent = form.dataset.empty);
  said.textContent = form.dataset.sending;
  const told = await send(await white(form), form.dataset.token);
  if (!told?.id) return void (said.textContent = told?.error ?? form.dataset.failed);
  strokes = [];
  for (const each of form.querySelectorAll("[name=box]")) each.remove();
  form.elements.mask.value = told.id;
  form.requestSubmit();
}, true);

function empty(canvas) {
  const small = new OffscreenCanvas(200, 200).getContext("2d");
  small.drawImage(canvas, 0, 0, 200, 200);
  return !small.getImageData(0, 0, 200, 200).data.some((value, n) => n % 4 === 3 && value > 127);
}

// The strokes white on black, as large as the original.
async function white(form) {
  const sheet = new OffscreenCanvas(Number(form.dataset.width), Number(form.dataset.height));
  const pen = sheet.getContext("2d");
  pen.drawImage(form.querySelector("canvas"), 0, 0, sheet.width, sheet.height);
  for (const [how, color] of [["source-in", "white"], ["destination-over", "black"]]) {
    Object.assign(pen, { globalCompositeOperation: how, fillStyle: color });
    pen.fillRect(0, 0, sheet.width, sheet.height);
  }
  return sheet.convertToBlob({ type: "image/png" });
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
