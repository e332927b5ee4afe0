// A thread beside the text, or on its own page: load it, filter it, post to it.

import { forget, readyForm, rememberVoice } from "./writing.js";

const PATIENCE = 20000;
// Files take their time on a telephone.
const PATIENCE_WITH_FILES = 300000;

export const panel = () => document.querySelector(".thread");
export const form = () => panel()?.querySelector(".comment-form") ?? null;

export function ask(address, { patience = PATIENCE, ...options } = {}) {
  const headers = { "X-Fragment": "1", ...options.headers };
  return fetch(address, { ...options, headers, signal: AbortSignal.timeout(patience) });
}

const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;

export const commentsIn = (html) => [...parse(html).querySelectorAll("li.comment")];

function replace(html) {
  const fresh = parse(html).querySelector(".thread");
  if (!fresh) throw new Error("The answer holds no thread.");
  const old = panel();
  const adopted = document.adoptNode(fresh);
  if (old) old.replaceWith(adopted);
  else document.querySelector("[data-panel-place]").replaceChildren(adopted);
  ready();
}

export function ready() {
  if (panel()?.querySelector("[data-posted]")) forget(panel().dataset.address);
  if (form()) readyForm(form());
  document.dispatchEvent(new Event("threadready"));
}

// Load a thread or another part of it; whether that worked.
export async function load(address) {
  const beside = document.querySelector("[data-beside]");
  beside?.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(address);
    if (!answer.ok) throw new Error(answer.statusText);
    replace(await answer.text());
    return true;
  } catch {
    if (!beside) location.assign(address);
    else complain(beside, address);
    return false;
  } finally {
    beside?.removeAttribute("aria-busy");
  }
}

// Put a branch's folded replies in the place of the link to them; without that, the link is a page.
export async function unfold(link) {
  const fold = link.closest(".fold");
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = parse(await answer.text());
    const rest = fresh.querySelector(".fold a[data-fold]")?.closest(".fold");
    const replies = [...fresh.querySelectorAll("li.comment")].filter(
      (comment) => !document.getElementById(comment.id),
    );
    fold.replaceWith(...replies, ...(rest ? [rest] : []));
    learnMarks(fresh.querySelector(".thread"));
    document.dispatchEvent(new Event("threadready"));
    replies[0]?.focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
}

// What of other comments is this reader's own, as a fetched part of the thread says it.
function learnMarks(fresh) {
  for (const name of ["own", "endorsed"]) {
    const known = `${panel().dataset[name] ?? ""} ${fresh?.dataset[name] ?? ""}`;
    panel().dataset[name] = known.trim();
  }
}

function complain(beside, address) {
  const notice = document.createElement("p");
  const again = document.createElement("a");
  notice.className = "notice notice--error";
  again.href = address;
  again.textContent = beside.dataset.failed;
  notice.append(again);
  beside.querySelector("[data-panel-place]").replaceChildren(notice);
}

export async function post(written) {
  const buttons = [...written.querySelectorAll(".actions button")];
  const state = written.querySelector(".write-state");
  if (buttons.some((button) => button.disabled)) return;
  for (const button of buttons) button.disabled = true;
  const withFiles = Boolean(written.elements.files?.files.length);
  state.textContent = withFiles ? state.dataset.sending : "";
  try {
    const answer = await ask(written.action.split("#")[0], {
      method: "POST",
      body: new FormData(written),
      patience: withFiles ? PATIENCE_WITH_FILES : PATIENCE,
    });
    if (answer.status === 401) {
      location.assign((await answer.json()).sign_in);
      return;
    }
    if (!answer.ok && ![403, 422].includes(answer.status)) throw new Error(answer.statusText);
    rememberVoice(written);
    replace(await answer.text());
    showOutcome();
  } catch {
    for (const button of buttons) button.disabled = false;
    state.textContent = state.dataset.offline;
  }
}

function showOutcome() {
  const summary = panel().querySelector(".error-summary, .warned");
  const own = panel().querySelector("[data-posted]");
  show(summary ?? own ?? panel().querySelector("#thread-heading"));
}

// Bring something of the thread into sight and focus; the text beside it stays where it is.
export function show(element, focused = element) {
  const beside = element.closest("[data-beside]");
  if (beside) {
    const top = element.getBoundingClientRect().top - beside.getBoundingClientRect().top;
    beside.scrollTop += top - beside.clientHeight / 4;
  } else {
    element.scrollIntoView({ block: "center" });
  }
  focused.focus({ preventScroll: true });
}
