// Conveniences only: every page works without them.
"use strict";

// The error summary (or whatever asks for it) takes focus, so that nobody has to look for it.
const wanted = document.querySelector("[data-focus]");
if (wanted) wanted.focus();

// <form data-unsaved>: leaving with unsaved changes asks first. `data-unsaved="changed"` says that
// what the form shows is not saved already, for example because it came back with errors.
const unsaved = new Set();
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const note = form.querySelector("[data-unsaved-note]");
  const mark = () => {
    unsaved.add(form);
    if (note) note.hidden = false;
  };
  if (form.dataset.unsaved === "changed") mark();
  form.addEventListener("input", mark);
  form.addEventListener("change", mark);
}
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// A second submit of the same form is swallowed; the server refuses it as well. After a while the
// form is open again: a download leaves the page as it is, and someone may have chosen to stay.
const PATIENCE = 8000;
const submitted = new Set();
const release = (form) => {
  submitted.delete(form);
  for (const button of form.querySelectorAll("button[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (submitted.has(form)) {
    event.preventDefault();
    return;
  }
  submitted.add(form);
  unsaved.delete(form);
  setTimeout(release, PATIENCE, form);
  // aria-disabled, not disabled: the pressed button's name must still be sent.
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) submitted.forEach(release);
});

// <button data-copy="ID" hidden>: copies the text of the element, and says so.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    let outcome = "コピーしました";
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    } catch {
      outcome = "コピーできませんでした";
    }
    button.textContent = outcome;
    setTimeout(() => (button.textContent = label), 3000);
  });
}

// <button data-fill hidden>: puts a demonstration log-in into the form.
for (const button of document.querySelectorAll("button[data-fill]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.getElementById("id_login").value = button.dataset.email;
    document.getElementById("id_password").value = button.dataset.password;
    document.querySelector("form[data-login] button[type=submit]").focus();
  });
}

// <button data-print hidden>: the browser's own print dialogue.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
