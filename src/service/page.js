// Renews the page's content every two seconds and copies commands. Without it the page reads as well.
"use strict";

document.documentElement.classList.add("scripted");

const EVERY_MS = 2000;

async function renew() {
  // Who is about to copy something by hand is not disturbed.
  if (document.hidden || !getSelection().isCollapsed) return;
  try {
    const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(10000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["header", "main"]) {
      document.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
    }
    document.documentElement.classList.remove("lost");
  } catch {
    // What stands there is from before: the heading says so, and the time in it stands still.
    document.documentElement.classList.add("lost");
    document.title = "regrow (no answer)";
    return;
  }
  document.title = "regrow";
}

async function again() {
  await renew();
  setTimeout(again, EVERY_MS);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "copied";
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
  }
});

setTimeout(again, EVERY_MS);
