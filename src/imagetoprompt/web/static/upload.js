// Uploads a picture: chosen, taken, dropped, pasted, by URL, or an example. It is shown at once; its
// facts come as lines of JSON while the server analyzes it.
import { showError, fill, announce, texts } from "./messages.js";
import { swap } from "./dom_patch.js";
import { addPicture } from "./navigation.js";

const main = document.getElementById("main");
const form = document.getElementById("upload-form");
const overlay = document.getElementById("drop-overlay");
let running = null;

export function upload(fields, preview) {
  if (!form) return;
  running?.abort();
  const data = new FormData(form);
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  const before = [...main.childNodes];
  const title = document.title;
  open(preview);
  running = send(data, preview, (sentence) => {
    main.replaceChildren(...before);
    document.title = title;
    showError(sentence);
  });
}

function open(preview) {
  const opening = document.getElementById("loading").content.cloneNode(true);
  const image = opening.querySelector(".shown");
  if (preview) {
    image.addEventListener("load", () => { image.width = image.naturalWidth; image.height = image.naturalHeight; });
    image.addEventListener("error", () => image.remove());
    image.src = preview;
  } else image.remove();
  main.replaceChildren(opening);
  window.scrollTo({ top: 0, behavior: "instant" });
  announce(texts.uploading, { hidden: true });
}

function send(data, preview, failed) {
  const request = new XMLHttpRequest();
  let read = 0;
  let started = false;
  let error = "";
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/x-ndjson");
  request.upload.addEventListener("progress", (event) => progress(event));
  request.addEventListener("progress", () => { if (request.status === 200) lines(); });
  request.addEventListener("load", () => {
    if (request.status === 200) lines(true);
    else error = parsed(request.responseText)?.error ?? texts.failed;
    if (error || !started) failed(error || texts.failed);
  });
  request.addEventListener("error", () => failed(texts.failed));
  request.send(data);
  return request;

  function lines(last = false) {
    const text = request.responseText;
    const end = last ? text.length : text.lastIndexOf("\n") + 1;
    for (const line of text.slice(read, end).split("\n").filter(Boolean)) take(parsed(line));
    read = end;
  }
  function take(reply) {
    if (!reply || reply.error) { error = reply?.error ?? texts.failed; return; }
    if (!started) { started = true; addPicture(reply.url); first(reply.main, preview); } else swap(reply.main);
    document.title = `${document.querySelector("#layout h1").textContent} · ImageToPrompt`;
    announce(reply.whole ? texts.named : texts.ready, { hidden: true });
  }
}

// Shows the page of the picture, with the local copy of the image until the server's is loaded.
function first(html, preview) {
  swap(html);
  main.focus({ preventScroll: true });
  const image = document.getElementById("picture-image");
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
  main.querySelector("[data-progress]").textContent = done ? texts.looking : fill("{what} … {percent} %", { what: texts.uploading, percent: Math.round((100 * event.loaded) / event.total) });
}

function uploadFile(file) {
  if (!file.type.startsWith("image/") && !/\.(heic|heif|avif|tiff?)$/i.test(file.name)) return showError(texts.not_a_picture);
  upload({ picture: file }, URL.createObjectURL(file));
}

function uploadAny(data) {
  const file = [...(data?.files ?? [])][0];
  const text = (data?.getData("text/uri-list") || data?.getData("text/plain") || "").trim().split("\n")[0];
  if (file) uploadFile(file);
  else if (/^https?:\/\//.test(text)) upload({ url: text });
  else return false;
  return true;
}

main.addEventListener("change", (event) => {
  if ((event.target.id === "picture" || event.target.id === "capture") && event.target.files[0]) uploadFile(event.target.files[0]);
});
main.addEventListener("submit", (event) => {
  if (!("upload" in event.target.dataset)) return;
  event.preventDefault();
  const example = event.submitter?.name === "example" ? event.submitter.value : "";
  const url = event.target.querySelector("[name=url]")?.value;
  if (example) upload({ example }, event.submitter.querySelector("img").src);
  else if (url) upload({ url });
});

// Drags without a picture, such as one of selected text, are ignored.
const carries = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/uri-list");
let depth = 0;
function showOverlay(on) {
  depth = on ? depth : 0;
  overlay.hidden = !on;
  document.body.classList.toggle("dragging", on);
}
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#main")) document.body.dataset.internalDrag = ""; });
document.addEventListener("dragend", () => delete document.body.dataset.internalDrag);
document.addEventListener("dragenter", (event) => { if (carries(event) && !("internalDrag" in document.body.dataset)) { depth += 1; showOverlay(true); } });
document.addEventListener("dragleave", (event) => { if (carries(event) && (depth -= 1) <= 0) showOverlay(false); });
document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const internal = "internalDrag" in document.body.dataset;
  showOverlay(false);
  if (internal || event.target.closest("[data-drop]")) return;
  event.preventDefault();
  if (!uploadAny(event.dataTransfer)) showError(texts.not_a_picture);
});
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea") && !event.clipboardData?.files.length) return;
  if (uploadAny(event.clipboardData)) event.preventDefault();
});
