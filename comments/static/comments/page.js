// The reading page and a thread's own page. Without this script every link here is a page.

import { endorseInPlace, markOwn } from "./endorsing.js";
import { Live } from "./live.js";
import { form, load, panel, post, ready, show, unfold } from "./panel.js";
import { chosenStretch, lightUp, rangeOf } from "./words.js";
import { count, keep, noParent, replyTo, setWords } from "./writing.js";

const root = document.querySelector("[data-reading]");
const beside = document.querySelector("[data-beside]");
const choose = document.querySelector("[data-choose]");
const narrow = matchMedia("(width < 64rem)");
let live = null;
let cameFrom = null;
let stretch = null;

async function openThread(ref, address, { words = null, origin = null } = {}) {
  cameFrom = origin;
  for (const chosen of document.querySelectorAll(".is-chosen")) chosen.classList.remove("is-chosen");
  const same = panel()?.dataset.thread === ref;
  openSheet();
  // A form keeps what is typed in it; without one, the way to sign in must know the words.
  if (!(words && same && form()) && !(await load(address))) return;
  document.getElementById(ref)?.classList.add("is-chosen");
  if (words && form()) {
    setWords(form(), words);
    show(form(), form().elements.body);
  } else if (words) {
    show(document.getElementById("write"));
  } else {
    beside.scrollTop = 0;
    panel().querySelector("#thread-heading").focus({ preventScroll: true });
  }
  live.pull();
}

function openSheet() {
  if (!narrow.matches || beside.classList.contains("is-open")) return;
  beside.classList.add("is-open");
  beside.querySelector("[data-close-bar]").hidden = false;
  document.querySelector(".text").inert = true;
  document.querySelector(".outline").inert = true;
  document.documentElement.style.overflow = "hidden";
  history.pushState({ sheet: true }, "");
}

function closeSheet() {
  beside?.classList.remove("is-open");
  for (const hidden of document.querySelectorAll(".text, .outline")) hidden.inert = false;
  document.documentElement.style.overflow = "";
  cameFrom?.focus({ preventScroll: true });
}

function plainClick(event) {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

const actions = {
  "a[data-talk]": (link) => beside && openThread(link.dataset.talk, link.href, { origin: link }),
  ".thread a[data-panel]": (link) => {
    load(link.href.split("#")[0]).then(() => panel()?.querySelector("#thread-heading").focus());
    return true;
  },
  ".thread a[data-fold]": (link) => {
    unfold(link);
    return true;
  },
  ".thread a[data-reply]": (link) => {
    if (!form()) return false;
    const name = link.closest(".comment").querySelector(".comment-who strong").textContent;
    replyTo(form(), link.dataset.reply, name);
    show(form(), form().elements.body);
    return true;
  },
  ".thread a[data-endorse]": (link) => endorseInPlace(link),
  ".thread a[data-no-parent]": () => {
    noParent(form());
    show(form(), form().elements.body);
    return true;
  },
  ".thread a[data-no-words]": () => {
    setWords(form(), null);
    show(form(), form().elements.body);
    return true;
  },
  ".thread a[data-sentence]": (link) => {
    const { start, end } = link.dataset;
    setWords(form(), { exact: link.textContent, start, end });
    show(form(), form().elements.body);
    return true;
  },
  // What is wrong leads to its field; without leaving the sheet in which the thread lies.
  ".thread .write a[href^='#']": (link) => {
    const place = document.getElementById(link.hash.slice(1));
    if (!place) return false;
    if (place.matches("details")) place.open = true;
    const field = "textarea, input:not([type='hidden'])";
    show(place, place.matches(field) ? place : (place.querySelector(field) ?? place));
    return true;
  },
  "[data-close]": () => {
    history.back();
    return true;
  },
  "[data-choose]": () => {
    const chosen = stretch;
    choose.hidden = true;
    if (!chosen) return true;
    const talk = [...document.querySelectorAll("a[data-talk]")].find(
      (link) => link.dataset.talk === chosen.ref,
    );
    const address = `${talk.href}?words=${chosen.start}-${chosen.end}`;
    openThread(chosen.ref, address, { words: chosen, origin: talk });
    return true;
  },
};

function onClick(event) {
  if (!plainClick(event) || event.defaultPrevented) return;
  for (const [selector, act] of Object.entries(actions)) {
    const found = event.target.closest(selector);
    if (found && act(found)) {
      event.preventDefault();
      return;
    }
  }
}

// Who suggests a change may write the text as it should be.
function openProposal(written) {
  const proposal = written.querySelector("[data-proposal]");
  if (proposal) proposal.open = true;
}

function offerChoice() {
  if (!choose) return;
  const chosen = chosenStretch(document.getSelection());
  if (document.activeElement === choose && !chosen) return;
  stretch = chosen;
  choose.hidden = !chosen;
  if (!chosen || narrow.matches) return;
  const boxes = chosen.range.getClientRects();
  const last = boxes[boxes.length - 1];
  const widest = document.documentElement.clientWidth - choose.offsetWidth - 8;
  choose.style.left = `${Math.max(8, Math.min(last.left + scrollX, widest))}px`;
  choose.style.top = `${last.bottom + scrollY + 6}px`;
}

function followWords(event) {
  const quote = event.target.closest?.(".comment")?.querySelector(".comment-words");
  const ref = panel()?.dataset.thread;
  lightUp(quote && rangeOf(ref, Number(quote.dataset.start), Number(quote.dataset.end)));
}

function begin() {
  live = new Live(root);
  document.addEventListener("threadready", () => markOwn());
  ready();
  let settling = 0;
  document.addEventListener("click", onClick);
  document.addEventListener("selectionchange", () => {
    clearTimeout(settling);
    settling = setTimeout(offerChoice, 150);
  });
  // Words may have been marked before this script was there.
  offerChoice();
  // Pressing the button must not take the selection away.
  choose?.addEventListener("pointerdown", (event) => event.preventDefault());
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".comment-form")) return;
    event.preventDefault();
    keep(event.target);
    post(event.target).then(() => live.pull());
  });
  document.addEventListener("input", (event) => {
    const written = event.target.closest?.(".comment-form");
    if (!written) return;
    if (event.target.name === "body") count(event.target);
    if (event.target.value === "suggest") openProposal(written);
    keep(written);
  });
  document.addEventListener("pointerover", followWords);
  document.addEventListener("focusin", followWords);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && beside?.classList.contains("is-open")) history.back();
  });
  addEventListener("popstate", closeSheet);
  const outline = document.querySelector("[data-outline]");
  if (outline && !narrow.matches) outline.open = true;
}

if (root) begin();
