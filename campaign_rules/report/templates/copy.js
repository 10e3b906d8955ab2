document.querySelectorAll(".campaign-rules button.copy[hidden]").forEach(function (button) {
  button.hidden = false;
  button.addEventListener("click", function () {
    var command = button.previousElementSibling;
    var told = function () {
      var label = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(function () { button.textContent = label; }, 1500);
    };
    var byHand = function () {
      window.getSelection().selectAllChildren(command);
      if (document.execCommand("copy")) { told(); }
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(command.textContent).then(told, byHand);
    } else {
      byHand();
    }
  });
});
window.addEventListener("beforeprint", function () {
  document.querySelectorAll(".campaign-rules details").forEach(function (one) { one.open = true; });
});
