// Loads every part of the transform panel; each works without the others.
import "./strength.js";
import "./mask.js";
import "./frame.js";
import "./job.js";
import "./compare.js";

// Forms whose checkboxes are submitted at once.
document.addEventListener("change", (event) => {
  if (event.target.form?.hasAttribute("data-submit-on-change")) event.target.form.requestSubmit();
});
