// The form: what is typed is kept in the browser until it is posted.

const STORED = ["body", "stance", "voice", "key", "parent", "start", "end", "exact", "proposal"];

const keyOf = (form) => `comment:${form.dataset.draft}`;

export function readyForm(form) {
  const kept = recall(form);
  const body = form.elements.body;
  if (kept && kept.body && !body.value) {
    for (const name of STORED) set(form, name, kept[name]);
    form.querySelector(".write-state").textContent = form.querySelector(".write-state").dataset.restored;
    showParent(form, kept.parent_name);
    showWords(form);
  } else if (body.value) {
    // Typed before this script was there, or given back by the server.
    keep(form);
  } else {
    speakAsBefore(form);
  }
  count(body);
}

// Who posts for an organisation, posts the next for it too, until they choose otherwise.
export function rememberVoice(form) {
  try {
    sessionStorage.setItem("voice", new FormData(form).get("voice"));
  } catch {
    // Then they choose each time.
  }
}

function speakAsBefore(form) {
  try {
    const voice = sessionStorage.getItem("voice");
    const own = [...form.querySelectorAll('input[type="radio"][name="voice"]')];
    if (own.some((radio) => radio.value === voice)) set(form, "voice", voice);
  } catch {
    // Nothing was kept.
  }
}

function set(form, name, value) {
  const field = form.elements[name];
  if (!field || value === undefined || value === null) return;
  if (field instanceof RadioNodeList || field.type === "radio") {
    for (const radio of form.querySelectorAll(`input[type="radio"][name="${name}"]`)) {
      radio.checked = radio.value === value;
    }
  } else if (!(name === "voice" && field.type === "hidden")) {
    field.value = value;
  }
}

export function keep(form) {
  const data = new FormData(form);
  const kept = Object.fromEntries(STORED.map((name) => [name, data.get(name) ?? ""]));
  kept.parent_name = form.querySelector("[data-parent-name]").textContent;
  try {
    if (kept.body) localStorage.setItem(keyOf(form), JSON.stringify(kept));
    else localStorage.removeItem(keyOf(form));
  } catch {
    // A browser that keeps nothing still posts.
  }
}

function recall(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

export function forget(address) {
  try {
    localStorage.removeItem(`comment:${address}`);
  } catch {
    // Nothing was kept.
  }
}

export function count(body) {
  const hint = document.getElementById("body-count");
  const limit = Number(body.dataset.limit);
  const left = limit - [...body.value.trim()].length;
  if (left > limit / 2) return;
  hint.classList.toggle("is-over", left < 0);
  const words = left < 0 ? hint.dataset.over : hint.dataset.left;
  hint.textContent = words.replace("%(count)s", Math.abs(left).toLocaleString());
}

export function replyTo(form, reference, name) {
  form.elements.parent.value = reference;
  setWords(form, null);
  showParent(form, name);
  keep(form);
}

function showParent(form, name) {
  const box = form.querySelector("[data-parent]");
  box.hidden = !form.elements.parent.value;
  if (name) box.querySelector("[data-parent-name]").textContent = name;
  const heading = form.querySelector("[data-write-heading]");
  heading.textContent = box.hidden ? heading.dataset.own : heading.dataset.reply;
  offerSentences(form);
}

export function noParent(form) {
  form.elements.parent.value = "";
  showParent(form, "");
  keep(form);
}

// `words` is {exact, start, end}, or null for none.
export function setWords(form, words) {
  form.elements.exact.value = words?.exact ?? "";
  form.elements.start.value = words?.start ?? "";
  form.elements.end.value = words?.end ?? "";
  form.elements.before.value = "";
  form.elements.behind.value = "";
  if (words) form.elements.parent.value = "";
  showWords(form);
  showParent(form, "");
  keep(form);
}

function showWords(form) {
  const exact = form.elements.exact.value;
  const box = form.querySelector("[data-words]");
  box.hidden = !exact;
  box.querySelector("[data-exact]").textContent = exact;
  offerSentences(form);
}

// Only to a comment on its own, on no words yet.
function offerSentences(form) {
  const sentences = form.querySelector("[data-sentences]");
  if (!sentences) return;
  sentences.hidden = Boolean(form.elements.exact.value || form.elements.parent.value);
  sentences.open = false;
}
