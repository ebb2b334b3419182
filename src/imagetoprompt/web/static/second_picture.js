// Uploads a second picture, which the checked facets are taken from.
import { showError, texts } from "./messages.js";

document.addEventListener("change", async (event) => {
  if (event.target.id !== "aside-file" || !event.target.files[0]) return;
  const [form, file] = [event.target.form, event.target.files[0]];
  const button = form.querySelector("#take-it");
  button.disabled = true;
  showPreview(URL.createObjectURL(file));
  const reply = await send(file, form.querySelector("[data-token]").value);
  button.disabled = false;
  if (reply?.id) document.getElementById("aside").value = reply.id;
  else showError(reply?.error ?? texts.failed);
});

document.addEventListener("submit", (event) => {
  if (!("aside" in event.target.dataset) || event.target.elements.aside.value) return;
  event.preventDefault();
  document.getElementById("aside-file").focus();
}, true);

async function send(file, token) {
  const data = new FormData();
  data.set("token", token);
  data.set("picture", file);
  try {
    const answer = await fetch("/aside", { method: "POST", body: data, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return null;
  }
}

function showPreview(source) {
  const image = document.createElement("img");
  Object.assign(image, { src: source, alt: "", width: 72, height: 72 });
  document.getElementById("aside-shown").replaceChildren(image);
}
