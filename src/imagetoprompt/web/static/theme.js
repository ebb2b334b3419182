// The colors of the page: remembered in a cookie, so that the server can set them before painting.
import { fill, say, words } from "./saying.js";

document.addEventListener("change", (event) => {
  if (event.target.name !== "theme") return;
  const theme = event.target.value;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const lasts = theme === "auto" ? 0 : 31536000;
  document.cookie = `theme=${theme}; Path=/; Max-Age=${lasts}; SameSite=Lax`;
  say(fill(words.theme, { theme: event.target.labels[0].title }), { quietly: true });
});
