// A painting under way: asked for, watched and stopped without leaving the page.
import { go } from "../going.js";
import { fill, say } from "../saying.js";

const ALOUD = 4000;
const AGAIN = 1000;
let [job, source, timer, spoken, sending] = ["", null, 0, 0, false];

document.addEventListener("page:swapped", watch);
watch();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-paint], [data-cancel]")) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "main" } }).catch(() => null);
  sending = false;
  if (!answer?.ok) return refuse(await reason(answer));
  const cancels = form.hasAttribute("data-cancel");
  await land(() => go(cancels ? location.href : answer.url, { how: cancels ? "stay" : "replace" }));
  if (!cancels) document.getElementById("painting")?.scrollIntoView({ block: "nearest" });
});

// When what had the focus goes away, the focus goes to what came in its place.
async function land(change) {
  const held = document.activeElement?.closest("#painting, #paint, #result");
  await change();
  if (!held || ![document.body, document.getElementById("painting")].includes(document.activeElement)) return;
  const next = ["cancel", "retry", "result"].map((id) => document.getElementById(id)).find((each) => each && !each.disabled);
  (next ?? document.getElementById("painting"))?.focus({ preventScroll: true });
}

async function reason(answer) {
  try { return (await answer.json()).error; } catch { return document.getElementById("paint").dataset.failed; }
}

function refuse(sentence) {
  const place = document.getElementById("paint-said");
  place.textContent = sentence;
  place.hidden = false;
}

function watch() {
  const box = document.getElementById("painting");
  const name = box?.dataset.over === "no" ? box.dataset.job : "";
  if (name === job) return;
  stop();
  job = name;
  if (!name) return;
  source = new EventSource(box.dataset.events);
  source.addEventListener("job", (event) => tell(JSON.parse(event.data)));
  source.addEventListener("problem", look);
  // Where events do not come through, it is asked for once a second.
  source.onerror = () => { if (source?.readyState === EventSource.CLOSED) look(); };
}

function stop() {
  source?.close();
  clearTimeout(timer);
  [source, job] = [null, ""];
}

async function look() {
  clearTimeout(timer);
  const box = document.getElementById("painting");
  if (!box || box.dataset.over === "yes") return;
  const answer = await fetch(box.dataset.events.replace(/\/events$/, "")).catch(() => null);
  if (answer?.ok) tell(await answer.json());
  else if (answer) return over();
  if (job) timer = setTimeout(look, AGAIN);
}

async function over(state) {
  stop();
  await land(() => go(location.href, { how: "stay" }));
  const result = document.getElementById("result");
  if (state === "done" && result) say(result.dataset.said);
}

function tell(told) {
  if (told.job !== job) return;
  if (!["queued", "running"].includes(told.state)) return over(told.state);
  const box = document.getElementById("painting");
  const words = box.dataset;
  const head = told.cancelling ? words.stopping : told.state === "queued" ? words.queued : words.running;
  const step = told.total ? fill(words.step, { step: Math.min(told.step + 1, told.total), total: told.total, phase: told.phase }) : "";
  const place = told.position ? fill(words.place, { place: told.position }) : "";
  box.querySelector("[data-phase]").textContent = head;
  box.querySelector("[data-steps]").textContent = step || place;
  const bar = box.querySelector("progress");
  if (told.step) bar.value = 100 * told.step / told.total;
  else bar.removeAttribute("value");
  if (told.links.preview) show(box, `${words.preview}?step=${told.step}`);
  aloud(box, `${head}. ${step || place}`);
}

// A new picture takes the old one's place only once it is there.
async function show(box, source) {
  const image = box.querySelector("[data-preview-image]");
  if (image.dataset.next === source) return;
  image.dataset.next = source;
  const next = new Image();
  next.src = source;
  await next.decode().catch(() => null);
  if (image.dataset.next !== source || !next.naturalWidth) return;
  image.src = source;
  image.classList.remove("waiting");
}

function aloud(box, text) {
  const now = Date.now();
  if (now - spoken < ALOUD) return;
  spoken = now;
  box.querySelector("[data-live]").textContent = text;
}
