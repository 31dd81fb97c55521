// Before the first paint: the colour scheme that was chosen here, else the system's.
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem("gd-theme"); } catch (_) { /* private mode: follow the system */ }
  var dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.classList.add("gd-scripted");
})();
