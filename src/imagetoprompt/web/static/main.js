// Loads every part of the page; each works without the others.
import "./navigation.js";
import "./upload.js";
import "./copy.js";
import "./facts.js";
import "./preset_search.js";
import "./second_picture.js";
import "./theme.js";
