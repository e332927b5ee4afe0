// A comment that is read already, and has changed: shown where it stands, said politely, moving nothing.

import { markOwn } from "./endorsing.js";

export function changeInPlace(there, comment) {
  const adopted = document.adoptNode(comment);
  delete adopted.dataset.new;
  const focused = there.contains(document.activeElement) ? document.activeElement : null;
  keepReceipt(there, adopted);
  there.replaceWith(adopted);
  markOwn(adopted.closest(".comments"));
  if (focused) likeIn(adopted, focused).focus({ preventScroll: true });
}

// Who has just posted it keeps their receipt, whatever others do to the comment meanwhile.
function keepReceipt(there, adopted) {
  const receipt = there.querySelector(".comment-receipt");
  if (!receipt || !adopted.querySelector("article")) return;
  adopted.classList.add("is-posted");
  adopted.dataset.posted = "";
  adopted.prepend(receipt);
}

// What stands in the new comment where the focus was in the old one: the same link, or all of it.
function likeIn(adopted, focused) {
  const address = focused.getAttribute("href");
  const links = [...adopted.querySelectorAll("a[href]")];
  return links.find((link) => link.getAttribute("href") === address) ?? adopted;
}

const whoIn = (comment) => comment.querySelector(".comment-who strong")?.textContent ?? "";

const textIn = (comment) =>
  [".stance", ".comment-body", ".comment-proposal"]
    .map((part) => comment.querySelector(part)?.textContent ?? "")
    .join("\n");

const endorsementsIn = (comment) => comment.querySelector("[data-endorsements]")?.textContent;

// What a change is to who doesn't see it; `sentences` are the thread's own. Empty for no change.
export function wordsFor(there, comment, sentences) {
  const tombstone = comment.querySelector(".comment-tombstone");
  const was = there.querySelector(".comment-tombstone");
  if (tombstone) return was ? "" : `${whoIn(there)}: ${plain(tombstone)}`;
  const say = (sentence) =>
    sentence.replace("%(who)s", whoIn(comment)).replace("%(count)s", endorsementsIn(comment));
  if (was) return say(sentences.again);
  if (textIn(there) !== textIn(comment)) return say(sentences.changed);
  return endorsementsIn(there) === endorsementsIn(comment) ? "" : say(sentences.endorsements);
}

const plain = (element) => element.textContent.replace(/\s+/g, " ").trim();

// Do it so that the comment at the top of what is seen stays where it is seen.
export function keepStill(thread, change) {
  const scroller = thread.closest("[data-beside]") ?? document.scrollingElement;
  const top = scroller === document.scrollingElement ? 0 : scroller.getBoundingClientRect().top;
  const read = [...thread.querySelectorAll(".comment")].find(
    (comment) => comment.getBoundingClientRect().bottom > top,
  );
  if (!read) {
    change();
    return;
  }
  // Of one that begins above, its end stays: what is read next stands there.
  const edge = read.getBoundingClientRect().top < top ? "bottom" : "top";
  const before = read.getBoundingClientRect()[edge];
  // The browser may do the same, or not, or half of it.
  scroller.style.overflowAnchor = "none";
  change();
  const moved = document.getElementById(read.id).getBoundingClientRect()[edge] - before;
  scroller.scrollTop += moved;
  scroller.style.overflowAnchor = "";
}
