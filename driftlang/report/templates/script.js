// Opens what a link leads into, for browsers that do not do so themselves. The page reads in full without it.
function openTarget() {
  let at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const target = at;
  for (; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target) target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
addEventListener("DOMContentLoaded", openTarget);
addEventListener("beforeprint", () => document.querySelectorAll("#cells details").forEach((d) => { d.open = true; }));
