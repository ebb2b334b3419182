// Links and forms lead to addresses: here they are fetched and patched into the page without a reload.
// Undo and redo go back and forth in the browser's history.
import { showError, announce, texts } from "./messages.js";
import { swap } from "./dom_patch.js";

const main = document.getElementById("main");
let index = history.state?.index ?? 0;
let top = Math.max(index, Number(sessionStorage.getItem("top") ?? 0));
let pending = null;
let undoing = false;
let address = location.pathname + location.search;
if (history.state?.index === undefined) { top = index = 0; record("replaceState", location.href); }
showHistory();

function record(how, url) {
  history[how]({ index }, "", url);
  address = location.pathname + location.search;
  sessionStorage.setItem("top", top);
}

// Fetches an address of this picture and shows it. how: "push" for an edit, "replace" for another view
// of the same facts, "stay" if the address bar is right already. said: whether the change was
// announced already.
export async function load(url, { how = "push", submitted = null, said = false } = {}) {
  pending?.abort();
  const request = (pending = new AbortController());
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Part": "main" }, signal: request.signal });
    const text = await answer.text();
    if (!answer.ok) return showError(sentence(text));
    if (how === "push") { index += 1; top = index; }
    // The server shortens the address of a submitted form and names the short one in a header.
    const short = answer.headers.get("Content-Location") ?? answer.url;
    if (how !== "stay") record(how === "push" ? "pushState" : "replaceState", short);
    const before = document.getElementById("prompt-text")?.textContent;
    swap(text, submitted);
    const after = document.getElementById("prompt-text")?.textContent;
    if (!said) announce(before === after ? texts.updated_same : texts.updated, { hidden: true });
  } catch (error) {
    if (error.name !== "AbortError") showError(texts.failed);
  } finally {
    if (pending === request) main.removeAttribute("aria-busy");
  }
}

// Adds the address of another picture to the history, with nothing to undo.
export function addPicture(url) {
  index += 1;
  top = index;
  record("pushState", url);
}

function sentence(text) {
  try { return JSON.parse(text).error ?? texts.failed; } catch { return texts.failed; }
}

export function isThisPicture(url) {
  return url.origin === location.origin && url.pathname === location.pathname && url.pathname.startsWith("/p/");
}

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (!isThisPicture(url) || link.hasAttribute("download") || link.target || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if ("undo" in link.dataset && index > 0) return step(-1);
  const view = link.closest(".tabs, .variants, .alternatives") || "opens" in link.dataset;
  if (link.closest(".tabs, .variants")) remember(url.searchParams.get("for"));
  load(url.href, { how: view ? "replace" : "push" });
});

main.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get") return;
  const url = new URL(form.action);
  if (!isThisPicture(url)) return;
  event.preventDefault();
  url.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
  load(url.href, { submitted: form });
});

main.addEventListener("click", (event) => { if (event.target.closest("[data-redo]")) step(1); });

// Jumps within the page are not added to the history, where undo would find them.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById("layout")) return;
  event.preventDefault();
  location.replace(link.hash);
});

window.addEventListener("popstate", (event) => {
  // A jump within the page: nothing to fetch.
  if (address === location.pathname + location.search) {
    if (event.state) index = event.state.index;
    else record("replaceState", location.href);
    return;
  }
  address = location.pathname + location.search;
  index = event.state?.index ?? 0;
  if (!isThisPicture(new URL(location.href)) || !document.getElementById("layout") || !location.pathname.endsWith(document.getElementById("layout").dataset.picture)) return location.reload();
  const url = new URL(location.href);
  const target = document.getElementById("layout").dataset.for;
  const said = undoing;
  const moved = said && target && url.searchParams.get("for") !== target;
  if (moved) url.searchParams.set("for", target);
  undoing = false;
  load(url.href, { how: moved ? "replace" : "stay", said });
});

function step(by) {
  if (by < 0 ? index <= 0 : index >= top) return;
  undoing = true;
  announce(by < 0 ? texts.undone : texts.redone);
  history.go(by);
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !document.getElementById("layout")) return;
  if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  const undo = document.getElementById("undo");
  if (key === "y" || event.shiftKey) step(1);
  else if (index > 0) step(-1);
  else undo?.click();
});

document.addEventListener("page:swapped", showHistory);
function showHistory() {
  const uses = document.getElementById("uses");
  const left = document.getElementById("layout")?.dataset.uses;
  if (uses && left) uses.textContent = left;
  const redo = document.getElementById("redo");
  if (redo) redo.hidden = index >= top;
}

function remember(target) {
  document.cookie = `for=${target}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
