// Every link and form of the page leads to an address; here they are fetched and put in place
// without a new page, and undo and redo are the way back and forth.
import { complain, say, words } from "./saying.js";
import { swap } from "./regions.js";

const main = document.getElementById("main");
let place = history.state?.place ?? 0;
let top = Math.max(place, Number(sessionStorage.getItem("top") ?? 0));
let wanted = null;
let stepping = false;
let address = location.pathname + location.search;
if (history.state?.place === undefined) { top = place = 0; note("replaceState", location.href); }
showAround();

function note(how, url) {
  history[how]({ place }, "", url);
  address = location.pathname + location.search;
  sessionStorage.setItem("top", top);
}

// Fetches an address of this picture and shows it; how: "push" for a change, "replace" for another
// look at the same facts, "stay" when the address bar is right already. said: whether what happens
// was told already.
export async function go(url, { how = "push", submitted = null, said = false } = {}) {
  wanted?.abort();
  const mine = (wanted = new AbortController());
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Part": "main" }, signal: mine.signal });
    const text = await answer.text();
    if (!answer.ok) return complain(sentence(text));
    if (how === "push") { place += 1; top = place; }
    // An address as a form writes it has a plain one, which the answer tells.
    const plain = answer.headers.get("Content-Location") ?? answer.url;
    if (how !== "stay") note(how === "push" ? "pushState" : "replaceState", plain);
    const before = document.getElementById("prompt-text")?.textContent;
    swap(text, submitted);
    const after = document.getElementById("prompt-text")?.textContent;
    if (!said) say(before === after ? words.updated_same : words.updated, { quietly: true });
  } catch (error) {
    if (error.name !== "AbortError") complain(words.failed);
  } finally {
    if (wanted === mine) main.removeAttribute("aria-busy");
  }
}

// Another picture has come: its address, and nothing to go back to within it.
export function arrive(url) {
  place += 1;
  top = place;
  note("pushState", url);
}

function sentence(text) {
  try { return JSON.parse(text).error ?? words.failed; } catch { return words.failed; }
}

export function here(url) {
  return url.origin === location.origin && url.pathname === location.pathname && url.pathname.startsWith("/p/");
}

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (!here(url) || link.hasAttribute("download") || link.target || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if ("undo" in link.dataset && place > 0) return step(-1);
  const look = link.closest(".tabs, .variants, .others") || "opens" in link.dataset;
  if (link.closest(".tabs, .variants")) remember(url.searchParams.get("for"));
  go(url.href, { how: look ? "replace" : "push" });
});

main.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get") return;
  const url = new URL(form.action);
  if (!here(url)) return;
  event.preventDefault();
  url.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
  go(url.href, { submitted: form });
});

main.addEventListener("click", (event) => { if (event.target.closest("[data-redo]")) step(1); });

// A jump within the page of a picture is no step that undo would take back.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById("desk")) return;
  event.preventDefault();
  location.replace(link.hash);
});

window.addEventListener("popstate", (event) => {
  // A jump within the page: there is nothing to fetch.
  if (address === location.pathname + location.search) {
    if (event.state) place = event.state.place;
    else note("replaceState", location.href);
    return;
  }
  address = location.pathname + location.search;
  place = event.state?.place ?? 0;
  if (!here(new URL(location.href)) || !document.getElementById("desk") || !location.pathname.endsWith(document.getElementById("desk").dataset.picture)) return location.reload();
  const url = new URL(location.href);
  const target = document.getElementById("desk").dataset.for;
  const said = stepping;
  const moved = said && target && url.searchParams.get("for") !== target;
  if (moved) url.searchParams.set("for", target);
  stepping = false;
  go(url.href, { how: moved ? "replace" : "stay", said });
});

function step(by) {
  if (by < 0 ? place <= 0 : place >= top) return;
  stepping = true;
  say(by < 0 ? words.undone : words.redone);
  history.go(by);
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !document.getElementById("desk")) return;
  if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  const undo = document.getElementById("undo");
  if (key === "y" || event.shiftKey) step(1);
  else if (place > 0) step(-1);
  else undo?.click();
});

document.addEventListener("page:swapped", showAround);
function showAround() {
  const uses = document.getElementById("uses");
  const left = document.getElementById("desk")?.dataset.uses;
  if (uses && left) uses.textContent = left;
  const redo = document.getElementById("redo");
  if (redo) redo.hidden = place >= top;
}

function remember(target) {
  document.cookie = `for=${target}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
