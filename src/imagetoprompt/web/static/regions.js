// Puts a newly served <main> in place of the old one, region by region: what did not change is left
// alone, and focus, half-typed words, open folds and scrolled lists stay as they were.
const main = document.getElementById("main");
const served = new Map();

function regions(root) {
  return new Map([...root.querySelectorAll("[data-region]")].map((each) => [each.dataset.region, each]));
}

export function remember() {
  served.clear();
  for (const [name, each] of regions(main)) served.set(name, each.innerHTML);
}
remember();

export function swap(html, submitted = null) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const kept = keep(submitted);
  const changed = sameShape(fresh.content) ? swapRegions(fresh.content) : swapAll(fresh.content);
  restore(kept);
  const detail = { changed };
  document.dispatchEvent(new CustomEvent("page:swapped", { detail }));
  return changed;
}

function sameShape(fresh) {
  const [old, now] = [main.querySelector("#desk"), fresh.querySelector("#desk")];
  if (!old || !now || old.dataset.picture !== now.dataset.picture) return false;
  const [here, there] = [regions(main), regions(fresh)];
  return here.size === there.size && [...there.keys()].every((name) => here.has(name));
}

function swapRegions(fresh) {
  const here = regions(main);
  const changed = [];
  Object.assign(main.querySelector("#desk").dataset, fresh.querySelector("#desk").dataset);
  for (const [name, each] of regions(fresh)) {
    const text = each.innerHTML;
    if (served.get(name) === text && name !== "problem") continue;
    served.set(name, text);
    reuseImages(here.get(name), each);
    here.get(name).replaceChildren(...each.childNodes);
    changed.push(name);
  }
  const [shown, now] = [main.querySelector("#shown"), fresh.querySelector("#shown")];
  if (shown && now) shown.alt = now.alt;
  return changed;
}

function swapAll(fresh) {
  main.replaceChildren(...fresh.childNodes);
  remember();
  return ["all"];
}

// A picture that is there already is moved, so that it does not flicker while it is drawn again.
function reuseImages(old, now) {
  const have = new Map([...old.querySelectorAll("img")].map((img) => [img.className + img.src, img]));
  for (const img of now.querySelectorAll("img")) {
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
    scrolled: [...main.querySelectorAll("[id]")].filter((e) => e.scrollTop || e.scrollLeft).map((e) => [e.id, e.scrollTop, e.scrollLeft]),
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
  if (!focus || focus === document.activeElement) return;
  focus.focus({ preventScroll: true });
  if (kept.selection !== null && focus.setSelectionRange && focus.type === "text") focus.setSelectionRange(kept.selection, kept.selection);
  const moved = focus.getBoundingClientRect().top - kept.top;
  if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: "instant" });
}
