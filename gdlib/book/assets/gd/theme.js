// Before the first paint: the colour scheme that was chosen here, else the system's; which pictures wait, and which
// are for the dark.
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem("gd-theme"); } catch (_) { /* private mode: follow the system */ }
  var dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.classList.add("gd-scripted");
  if (location.protocol !== "file:") document.documentElement.classList.add("gd-served");

  // What is lazy browsers fetch two screens ahead and more. Here a picture waits until it is half a screen away.
  document.addEventListener("DOMContentLoaded", function () {
    var watch = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) entry.target.classList.add("gd-near");
      });
    }, { rootMargin: "50% 0px" });
    document.querySelectorAll("picture").forEach(function (picture) { watch.observe(picture); });
    choosePictures();
  });

  // A landscape has a picture for the dark as well, where a pale one would glare. Paper is never dark.
  var root = document.documentElement, paper = matchMedia("print");
  function choosePictures() {
    var tone = root.dataset.theme === "dark" && !paper.matches ? "dark" : "light";
    document.querySelectorAll("source[data-dark]").forEach(function (source) { source.srcset = source.dataset[tone]; });
  }
  new MutationObserver(choosePictures).observe(root, { attributeFilter: ["data-theme"] });
  paper.addEventListener("change", choosePictures);
})();
