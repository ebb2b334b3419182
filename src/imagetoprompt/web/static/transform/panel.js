// Starts every part of the panel; each looks after one thing and works without the others.
import "./strength.js";
import "./mask.js";
import "./frame.js";
import "./job.js";
import "./compare.js";

// A form whose ticks count at once.
document.addEventListener("change", (event) => {
  if (event.target.form?.hasAttribute("data-at-once")) event.target.form.requestSubmit();
});
