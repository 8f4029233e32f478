// Presses the visible button, nothing else: the page works without this.
document.getElementById("send").requestSubmit();
