// A piece opens in place, and what is typed in it is saved after a pause.

const PAUSE = 1500;
const root = document.querySelector("[data-working]");
const waiting = new WeakMap();

async function open(link) {
  const answer = await fetch(link.href, { headers: { "X-Fragment": "1" } });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const line = link.closest("[data-piece]");
  line.innerHTML = await answer.text();
  line.querySelector("textarea, input[type=text], button")?.focus();
}

function say(form, words) {
  const state = form.querySelector("[data-state]");
  if (state) state.textContent = words;
}

async function save(form) {
  if (form.dataset.saving) return later(form);
  form.dataset.saving = "1";
  const data = new FormData(form);
  data.set("act", "save");
  const kept = JSON.stringify([...data]);
  try {
    const headers = { Accept: "application/json", "X-Fragment": "1" };
    const answer = await fetch(form.action, { method: "POST", body: data, headers });
    if (answer.ok && !answer.redirected) {
      const { version, at } = await answer.json();
      const shared = form.closest("[data-form]").querySelectorAll("input[name=version]");
      for (const field of shared) field.value = version;
      data.delete("act");
      say(form, isTyped(form, kept) ? form.dataset.unsaved : `${form.dataset.saved} ${at}`);
    } else if (answer.status === 409 || answer.status === 422) {
      // Somebody else's words, and why: what is typed here stays in the form.
      const came = document.createElement("template");
      came.innerHTML = await answer.text();
      showProblem(form, came.content);
    } else {
      say(form, form.dataset.failed);
    }
  } catch {
    say(form, form.dataset.failed);
    later(form);
  } finally {
    delete form.dataset.saving;
  }
}

function isTyped(form, kept) {
  const now = new FormData(form);
  const before = new Map(JSON.parse(kept));
  return ["text", "number", "title", "depth"].some((name) => now.get(name) !== (before.get(name) ?? null));
}

function showProblem(form, content) {
  const box = form.closest("[data-form]");
  const problem = content.querySelector(".error-summary");
  box.querySelector(":scope > .error-summary")?.remove();
  if (problem) box.prepend(problem);
  say(form, form.dataset.unsaved);
  const version = content.querySelector("input[name=version]");
  // Saving by hand, once both were read, replaces what stands there; no pause does it.
  if (version) for (const field of box.querySelectorAll("input[name=version]")) field.value = version.value;
  form.dataset.byHand = "1";
}

function later(form) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => save(form), PAUSE));
}

root?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});

root?.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  say(form, form.dataset.unsaved);
  if (!form.dataset.byHand) later(form);
});

root?.addEventListener("submit", (event) => {
  clearTimeout(waiting.get(event.target));
  waiting.delete(event.target);
});

addEventListener("beforeunload", (event) => {
  const unsaved = [...document.querySelectorAll("form[data-autosave]")].some(
    (form) => waiting.has(form) && form.querySelector("[data-state]")?.textContent === form.dataset.unsaved,
  );
  if (unsaved) event.preventDefault();
});
