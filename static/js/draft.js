// A draft is looked at while one types, and kept on the server. The text itself is never touched, and
// nothing is kept in the browser: offices share their machines. Without this the button does the same.
"use strict";

const form = document.querySelector("form[data-draft]");
const PAUSE = 700;
const PARTS = ["draft-answer", "draft-lengths", "draft-findings", "draft-actions"];
const NO_ANSWER =
  "いま確かめられません。入力した内容はこの画面に残っています。少し待ってから「確認する」を押してください。";
const LOGGED_OUT =
  "ログインの有効期限が切れました。「確認する」を押すと、ログインした後に、この続きから書けます。";
// Where somebody decides or presses, nothing may move under his hand.
const deciding = ["draft-findings", "draft-actions"].map((id) => document.getElementById(id));
const isBusy = (at = document.activeElement) => deciding.some((part) => part.contains(at));
const status = document.getElementById("draft-status");
const button = form.querySelector("[data-without-script]");
let waiting, asking, held;

// Whoever logged in again in another tab has a new token: the cookie knows it.
const freshToken = () => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (token) form.elements.csrfmiddlewaretoken.value = token[1];
};

const say = (text) => {
  if (status.textContent !== text) status.textContent = text;
};

const show = (answer) => {
  // Somebody is deciding there right now: it waits until he has left.
  held = isBusy();
  if (held) return;
  for (const id of PARTS) {
    const part = answer.getElementById(id);
    if (part) document.getElementById(id).replaceChildren(...part.childNodes);
  }
  say(answer.getElementById("draft-status").textContent.trim());
};

const look = async () => {
  asking?.abort();
  asking = new AbortController();
  freshToken();
  try {
    const response = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: asking.signal,
    });
    if (response.redirected) {
      say(LOGGED_OUT);
      button.hidden = false;
    } else if (response.ok) {
      show(new DOMParser().parseFromString(await response.text(), "text/html"));
      button.hidden = true;
    } else {
      throw new Error(response.status);
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    say(NO_ANSWER);
    button.hidden = false;
  }
};

form.addEventListener("input", (event) => {
  if (isBusy(event.target)) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
form.addEventListener("focusout", () => {
  // Asked anew, with what was ticked meanwhile.
  setTimeout(() => {
    if (held && !isBusy()) look();
  });
});
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  asking?.abort();
  freshToken();
});
button.hidden = true;
