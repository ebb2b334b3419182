// Brings a picture: chosen, taken, dropped, pasted, by its address or one of the examples. It is
// shown at once; its facts come line by line while the server looks at it.
import { complain, fill, say, words } from "./saying.js";
import { swap } from "./regions.js";
import { arrive } from "./going.js";

const main = document.getElementById("main");
const form = document.getElementById("bring");
const veil = document.getElementById("veil");
let under = null;

export function bring(fields, preview) {
  if (!form) return;
  under?.abort();
  const data = new FormData(form);
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  const before = [...main.childNodes];
  const title = document.title;
  open(preview);
  under = send(data, preview, (sentence) => {
    main.replaceChildren(...before);
    document.title = title;
    complain(sentence);
  });
}

function open(preview) {
  const opening = document.getElementById("opening").content.cloneNode(true);
  const image = opening.querySelector(".shown");
  if (preview) {
    image.addEventListener("load", () => { image.width = image.naturalWidth; image.height = image.naturalHeight; });
    image.addEventListener("error", () => image.remove());
    image.src = preview;
  } else image.remove();
  main.replaceChildren(opening);
  window.scrollTo({ top: 0, behavior: "instant" });
  say(words.uploading, { quietly: true });
}

function send(data, preview, failed) {
  const request = new XMLHttpRequest();
  let read = 0;
  let place = false;
  let wrong = "";
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/x-ndjson");
  request.upload.addEventListener("progress", (event) => progress(event));
  request.addEventListener("progress", () => { if (request.status === 200) lines(); });
  request.addEventListener("load", () => {
    if (request.status === 200) lines(true);
    else wrong = parsed(request.responseText)?.error ?? words.failed;
    if (wrong || !place) failed(wrong || words.failed);
  });
  request.addEventListener("error", () => failed(words.failed));
  request.send(data);
  return request;

  function lines(last = false) {
    const text = request.responseText;
    const end = last ? text.length : text.lastIndexOf("\n") + 1;
    for (const line of text.slice(read, end).split("\n").filter(Boolean)) take(parsed(line));
    read = end;
  }
  function take(told) {
    if (!told || told.error) { wrong = told?.error ?? words.failed; return; }
    if (!place) { place = true; arrive(told.url); first(told.main, preview); } else swap(told.main);
    document.title = `${document.querySelector("#desk h1").textContent} · ImageToPrompt`;
    say(told.whole ? words.named : words.ready, { quietly: true });
  }
}

// The page of the picture, still with the visitor's own copy until the server's is there.
function first(html, preview) {
  swap(html);
  main.focus({ preventScroll: true });
  const image = document.getElementById("shown");
  if (!preview || !image) return;
  const real = new Image();
  real.src = image.src;
  image.src = preview;
  real.decode().then(() => { image.src = real.src; URL.revokeObjectURL(preview); }, () => { image.src = real.src; });
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function progress(event) {
  const bar = main.querySelector(".progress progress");
  if (!bar || !event.lengthComputable) return;
  const done = event.loaded === event.total;
  if (done) bar.removeAttribute("value");
  else bar.value = (100 * event.loaded) / event.total;
  main.querySelector("[data-progress]").textContent = done ? words.looking : fill("{what} … {percent} %", { what: words.uploading, percent: Math.round((100 * event.loaded) / event.total) });
}

function bringFile(file) {
  if (!file.type.startsWith("image/") && !/\.(heic|heif|avif|tiff?)$/i.test(file.name)) return complain(words.not_a_picture);
  bring({ picture: file }, URL.createObjectURL(file));
}

function bringAny(data) {
  const file = [...(data?.files ?? [])][0];
  const text = (data?.getData("text/uri-list") || data?.getData("text/plain") || "").trim().split("\n")[0];
  if (file) bringFile(file);
  else if (/^https?:\/\//.test(text)) bring({ url: text });
  else return false;
  return true;
}

main.addEventListener("change", (event) => {
  if ((event.target.id === "picture" || event.target.id === "capture") && event.target.files[0]) bringFile(event.target.files[0]);
});
main.addEventListener("submit", (event) => {
  if (!("bring" in event.target.dataset)) return;
  event.preventDefault();
  const example = event.submitter?.name === "example" ? event.submitter.value : "";
  const url = event.target.querySelector("[name=url]")?.value;
  if (example) bring({ example }, event.submitter.querySelector("img").src);
  else if (url) bring({ url });
});

// A drag that carries no picture, such as one of text within the page, is none of ours.
const carries = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/uri-list");
let depth = 0;
function veiled(on) {
  depth = on ? depth : 0;
  veil.hidden = !on;
  document.body.classList.toggle("dragging", on);
}
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#main")) document.body.dataset.own = ""; });
document.addEventListener("dragend", () => delete document.body.dataset.own);
document.addEventListener("dragenter", (event) => { if (carries(event) && !("own" in document.body.dataset)) { depth += 1; veiled(true); } });
document.addEventListener("dragleave", (event) => { if (carries(event) && (depth -= 1) <= 0) veiled(false); });
document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const ours = "own" in document.body.dataset;
  veiled(false);
  if (ours || event.target.closest("[data-drop]")) return;
  event.preventDefault();
  if (!bringAny(event.dataTransfer)) complain(words.not_a_picture);
});
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea") && !event.clipboardData?.files.length) return;
  if (bringAny(event.clipboardData)) event.preventDefault();
});
