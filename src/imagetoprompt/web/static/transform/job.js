// A transform job: started, watched and cancelled without leaving the page.
import { load } from "../navigation.js";
import { fill, announce } from "../messages.js";

const ANNOUNCE_INTERVAL_MS = 4000;
const POLL_INTERVAL_MS = 1000;
let [job, source, timer, announced, sending] = ["", null, 0, 0, false];

document.addEventListener("page:swapped", watchJob);
watchJob();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-paint], [data-cancel]")) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "main" } }).catch(() => null);
  sending = false;
  if (!answer?.ok) return showRefusal(await reason(answer));
  const cancels = form.hasAttribute("data-cancel");
  await keepFocus(() => load(cancels ? location.href : answer.url, { how: cancels ? "stay" : "replace" }));
  if (!cancels) document.getElementById("job")?.scrollIntoView({ block: "nearest" });
});

// Moves the focus to the replacement of the element that had it.
async function keepFocus(change) {
  const held = document.activeElement?.closest("#job, #paint, #result");
  await change();
  if (!held || ![document.body, document.getElementById("job")].includes(document.activeElement)) return;
  const next = ["cancel", "retry", "result"].map((id) => document.getElementById(id)).find((element) => element && !element.disabled);
  (next ?? document.getElementById("job"))?.focus({ preventScroll: true });
}

async function reason(answer) {
  try { return (await answer.json()).error; } catch { return document.getElementById("paint").dataset.failed; }
}

function showRefusal(sentence) {
  const place = document.getElementById("paint-error");
  place.textContent = sentence;
  place.hidden = false;
}

function watchJob() {
  const box = document.getElementById("job");
  const name = box?.dataset.finished === "no" ? box.dataset.job : "";
  if (name === job) return;
  stop();
  job = name;
  if (!name) return;
  source = new EventSource(box.dataset.events);
  source.addEventListener("job", (event) => update(JSON.parse(event.data)));
  source.addEventListener("problem", poll);
  // If events are blocked, the status is polled once a second.
  source.onerror = () => { if (source?.readyState === EventSource.CLOSED) poll(); };
}

function stop() {
  source?.close();
  clearTimeout(timer);
  [source, job] = [null, ""];
}

async function poll() {
  clearTimeout(timer);
  const box = document.getElementById("job");
  if (!box || box.dataset.finished === "yes") return;
  const answer = await fetch(box.dataset.events.replace(/\/events$/, "")).catch(() => null);
  if (answer?.ok) update(await answer.json());
  else if (answer) return finish();
  if (job) timer = setTimeout(poll, POLL_INTERVAL_MS);
}

async function finish(state) {
  stop();
  await keepFocus(() => load(location.href, { how: "stay" }));
  const result = document.getElementById("result");
  if (state === "done" && result) announce(result.dataset.doneText);
}

function update(status) {
  if (status.job !== job) return;
  if (!["queued", "running"].includes(status.state)) return finish(status.state);
  const box = document.getElementById("job");
  const texts = box.dataset;
  const head = status.cancelling ? texts.stopping : status.state === "queued" ? texts.queued : texts.running;
  const step = status.total ? fill(texts.step, { step: Math.min(status.step + 1, status.total), total: status.total, phase: status.phase }) : "";
  const place = status.position ? fill(texts.place, { place: status.position }) : "";
  box.querySelector("[data-phase]").textContent = head;
  box.querySelector("[data-steps]").textContent = step || place;
  const bar = box.querySelector("progress");
  if (status.step) bar.value = 100 * status.step / status.total;
  else bar.removeAttribute("value");
  if (status.links.preview) showPreview(box, `${texts.preview}?step=${status.step}`);
  announceProgress(box, `${head}. ${step || place}`);
}

// Replaces the preview only once the new one is loaded.
async function showPreview(box, source) {
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

function announceProgress(box, text) {
  const now = Date.now();
  if (now - announced < ANNOUNCE_INTERVAL_MS) return;
  announced = now;
  box.querySelector("[data-live]").textContent = text;
}
