// Endorse in place. Without this script the link leads to a page that does it.

import { ask, form, panel } from "./panel.js";

const listOf = (thread, name) => new Set((thread?.dataset[name] ?? "").split(" ").filter(Boolean));

// A comment's HTML is the same for every reader: what is this reader's own is marked here.
export function markOwn(list = panel()?.querySelector(".comments")) {
  if (!list) return;
  const thread = list.closest(".thread");
  const own = listOf(thread, "own");
  const endorsed = listOf(thread, "endorsed");
  for (const link of list.querySelectorAll("a[data-endorse]")) {
    if (own.has(link.dataset.endorse)) {
      link.classList.add("is-own");
      link.removeAttribute("href");
      continue;
    }
    const pressed = endorsed.has(link.dataset.endorse);
    const word = link.querySelector("[data-endorse-word]");
    link.dataset.word ??= word.textContent;
    word.textContent = pressed ? link.dataset.endorsedToo : link.dataset.word;
    link.classList.toggle("is-pressed", pressed);
  }
}

// Whether the click is dealt with here; else the link is followed.
export function endorseInPlace(link) {
  const written = form();
  const voices = written?.querySelectorAll('input[type="radio"][name="voice"]') ?? [];
  // Who may speak for others, too, is asked in whose name.
  if (!written || voices.length > 1 || !link.href) return false;
  send(link, written.elements.csrfmiddlewaretoken.value);
  return true;
}

async function send(link, token) {
  const list = link.closest(".comments");
  const thread = list.closest(".thread");
  const endorsed = listOf(thread, "endorsed");
  const pressed = endorsed.has(link.dataset.endorse);
  try {
    const answer = await ask(pressed ? `${link.href}back/` : link.href, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ voice: "self" }),
    });
    if (!answer.ok) throw new Error(answer.statusText);
    const { endorsements } = await answer.json();
    if (pressed) endorsed.delete(link.dataset.endorse);
    else endorsed.add(link.dataset.endorse);
    thread.dataset.endorsed = [...endorsed].join(" ");
    link.querySelector("[data-endorsements]").textContent = endorsements;
    markOwn(list);
  } catch {
    location.assign(link.href);
  }
}
