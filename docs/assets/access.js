/* What assistive technology needs and the theme leaves out: a name for the search, tables that scroll by keyboard. */
function complete() {
  document.querySelectorAll(".md-search[role=dialog]:not([aria-label])").forEach(function (search) {
    search.setAttribute("aria-label", "Search");
  });
  document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach(function (table) {
    table.tabIndex = 0;
  });
}
complete();
new MutationObserver(complete).observe(document.body, { childList: true, subtree: true });
