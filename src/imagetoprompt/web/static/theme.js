// Light or dark: kept in a cookie, so that the server renders the page with it.
import { fill, announce, texts } from "./messages.js";

document.addEventListener("change", (event) => {
  if (event.target.name !== "theme") return;
  const theme = event.target.value;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const maxAge = theme === "auto" ? 0 : 31536000;
  document.cookie = `theme=${theme}; Path=/; Max-Age=${maxAge}; SameSite=Lax`;
  announce(fill(texts.theme, { theme: event.target.labels[0].title }), { hidden: true });
});
