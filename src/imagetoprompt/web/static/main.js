// Starts every part of the page; each looks after one thing and works without the others.
import "./going.js";
import "./bringing.js";
import "./copying.js";
import "./facts.js";
import "./looks.js";
import "./aside.js";
import "./theme.js";
