// Patches the page to match a newly served <main>, node by node: unchanged nodes stay, and so do focus,
// half-typed input, open folds and scroll positions.
const main = document.getElementById("main");
const LISTS = ".tabs, .variants, .cells";

export function swap(html, submitted = null) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const kept = keep(submitted);
  if (samePicture(fresh.content)) for (const [old, now] of regions(fresh.content)) patch(old, now);
  else main.replaceChildren(...fresh.content.childNodes);
  if (submitted?.isConnected) submitted.reset();
  restore(kept);
  document.dispatchEvent(new CustomEvent("page:swapped"));
}

function samePicture(fresh) {
  const [old, now] = [main, fresh].map((root) => root.querySelector("#layout"));
  if (!old || old.dataset.picture !== now?.dataset.picture || regions(fresh).some((pair) => !pair[0])) return false;
  Object.assign(old.dataset, now.dataset);
  const [oldImage, newImage] = [main, fresh].map((root) => root.querySelector("#picture-image"));
  if (oldImage && newImage) oldImage.alt = newImage.alt;
  return true;
}

// Pairs of the page's regions and the served ones.
function regions(fresh) {
  return [...fresh.querySelectorAll("[data-region]")].map((now) => [main.querySelector(`[data-region="${now.dataset.region}"]`), now]);
}

function patch(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) return void (old.nodeValue = now.nodeValue);
  if (old.nodeName !== "CANVAS") patchAttributes(old, now);
  const pairs = pairChildren(old, now);
  const stays = new Set(pairs.map(([node]) => node));
  const gone = [...old.childNodes].filter((node) => !stays.has(node));
  reuseImages(gone, pairs.filter(([node]) => !node).map(([, next]) => next));
  for (const node of gone) node.remove();
  let at = old.firstChild;
  for (const [node, next] of pairs) {
    if (!node) { old.insertBefore(next, at); continue; }
    at = node.nextSibling;
    patch(node, next);
  }
}

// Each new child with the old one that is patched to match it, in order: found by id at any later
// position, without an id only at the next one.
function pairChildren(old, now) {
  let at = old.firstChild;
  return [...now.childNodes].map((next) => {
    let node = at;
    if (next.id) while (node && node.id !== next.id) node = node.nextSibling;
    if (!node || !matches(node, next)) return [null, next];
    at = node.nextSibling;
    return [node, next];
  });
}

// A changed piece of the prompt is inserted anew, so that its animation runs.
function matches(old, now) {
  return old.nodeName === now.nodeName && (old.id ?? "") === (now.id ?? "") && !now.classList?.contains("piece-changed");
}

// Whether a fold is open is left to the visitor.
function patchAttributes(old, now) {
  const own = (name) => name === "open" && old.matches("details[id]:not([name])");
  for (const { name, value } of [...now.attributes]) if (old.getAttribute(name) !== value && !own(name)) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !own(name)) old.removeAttribute(name);
}

// Loaded images are moved to their new place, so that they do not flicker.
function reuseImages(removed, added) {
  const all = (nodes) => nodes.flatMap((node) => [...(node.querySelectorAll?.("img") ?? [])]);
  const have = new Map(all(removed).map((img) => [img.className + img.src, img]));
  for (const img of all(added)) {
    const same = have.get(img.className + img.src);
    if (same) { have.delete(img.className + img.src); img.replaceWith(same); }
  }
}

function keep(submitted) {
  const focused = document.activeElement;
  const chip = focused?.closest?.(".chip-open")?.parentElement.querySelector("summary");
  const fields = [...main.querySelectorAll("input[id], select[id]")].filter((f) => !submitted || f.form !== submitted);
  return {
    focus: (chip ?? focused)?.id,
    top: (chip ?? focused)?.getBoundingClientRect?.().top,
    selection: focused?.selectionStart ?? null,
    open: [...main.querySelectorAll("details[id]:not([name])")].map((fold) => [fold.id, fold.open]),
    scrolled: [...main.querySelectorAll(LISTS)].filter((e) => e.id && (e.scrollTop || e.scrollLeft)).map((e) => [e.id, e.scrollTop, e.scrollLeft]),
    typed: fields.filter((f) => f.value !== f.defaultValue && f.type !== "file" && f.type !== "radio" && f.type !== "checkbox").map((f) => [f.id, f.value]),
    ticked: fields.filter((f) => f.checked !== f.defaultChecked).map((f) => [f.id, f.checked]),
  };
}

function restore(kept) {
  const find = (id) => document.getElementById(id);
  for (const [id, open] of kept.open) if (find(id)) find(id).open = open;
  for (const [id, value] of kept.typed) if (find(id) && "value" in find(id)) find(id).value = value;
  for (const [id, checked] of kept.ticked) if (find(id)) find(id).checked = checked;
  for (const [id, top, left] of kept.scrolled) find(id)?.scrollTo({ top, left, behavior: "instant" });
  const focus = kept.focus && find(kept.focus);
  if (!focus) return;
  if (focus !== document.activeElement) {
    focus.focus({ preventScroll: true });
    if (kept.selection !== null && focus.setSelectionRange && focus.type === "text") focus.setSelectionRange(kept.selection, kept.selection);
  }
  const moved = focus.getBoundingClientRect().top - kept.top;
  if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: "instant" });
}
