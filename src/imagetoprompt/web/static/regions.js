// Makes the page what a newly served <main> is, node by node: what did not change is left alone, and
// focus, half-typed words, open folds and scrolled lists stay as they were.
const main = document.getElementById("main");
const LISTS = ".tabs, .variants, .cells";

export function swap(html, submitted = null) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const kept = keep(submitted);
  if (samePicture(fresh.content)) for (const [old, now] of regions(fresh.content)) become(old, now);
  else main.replaceChildren(...fresh.content.childNodes);
  if (submitted?.isConnected) submitted.reset();
  restore(kept);
  document.dispatchEvent(new CustomEvent("page:swapped"));
}

function samePicture(fresh) {
  const [old, now] = [main, fresh].map((root) => root.querySelector("#desk"));
  if (!old || old.dataset.picture !== now?.dataset.picture || regions(fresh).some((pair) => !pair[0])) return false;
  Object.assign(old.dataset, now.dataset);
  const [shown, told] = [main, fresh].map((root) => root.querySelector("#shown"));
  if (shown && told) shown.alt = told.alt;
  return true;
}

// What there is of the page beside what was served.
function regions(fresh) {
  return [...fresh.querySelectorAll("[data-region]")].map((now) => [main.querySelector(`[data-region="${now.dataset.region}"]`), now]);
}

function become(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) return void (old.nodeValue = now.nodeValue);
  if (old.nodeName !== "CANVAS") wear(old, now);
  const pairs = paired(old, now);
  const stays = new Set(pairs.map(([each]) => each));
  const gone = [...old.childNodes].filter((each) => !stays.has(each));
  reuseImages(gone, pairs.filter(([each]) => !each).map(([, want]) => want));
  for (const each of gone) each.remove();
  let at = old.firstChild;
  for (const [each, want] of pairs) {
    if (!each) { old.insertBefore(want, at); continue; }
    at = each.nextSibling;
    become(each, want);
  }
}

// Each child that is wanted beside the one that is to become it, in order: by its id wherever it
// is, without one only in the next place.
function paired(old, now) {
  let at = old.firstChild;
  return [...now.childNodes].map((want) => {
    let each = at;
    if (want.id) while (each && each.id !== want.id) each = each.nextSibling;
    if (!each || !alike(each, want)) return [null, want];
    at = each.nextSibling;
    return [each, want];
  });
}

// A piece that changed is a new one, so that it is seen to arrive.
function alike(old, now) {
  return old.nodeName === now.nodeName && (old.id ?? "") === (now.id ?? "") && !now.classList?.contains("piece-changed");
}

// Whether a fold is open is the visitor's own affair.
function wear(old, now) {
  const own = (name) => name === "open" && old.matches("details[id]:not([name])");
  for (const { name, value } of [...now.attributes]) if (old.getAttribute(name) !== value && !own(name)) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !own(name)) old.removeAttribute(name);
}

// A picture that is there already is moved, so that it does not flicker while it is drawn again.
function reuseImages(gone, come) {
  const all = (nodes) => nodes.flatMap((each) => [...(each.querySelectorAll?.("img") ?? [])]);
  const have = new Map(all(gone).map((img) => [img.className + img.src, img]));
  for (const img of all(come)) {
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
    open: [...main.querySelectorAll("details[id]:not([name])")].map((each) => [each.id, each.open]),
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
