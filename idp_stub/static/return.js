/* Presses the button that the page shows; without this script the person does. */
document.getElementById("return").requestSubmit();
