// Keys for who confirms many links: they work while the focus is on one of them, not in a field.

const list = document.querySelector("[data-lineage]");

function focusOn(link) {
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: "center" });
}

function beside(link, step) {
  const links = [...list.querySelectorAll("[data-link]")];
  return links[links.indexOf(link) + step];
}

async function confirm(link) {
  const form = link.querySelector("[data-confirm]")?.form;
  if (!form) return;
  const answer = await fetch(location.href, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const next = beside(link, 1) ?? beside(link, -1);
  link.remove();
  if (next) focusOn(next);
  else location.reload();
}

list?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
  const link = event.target.closest("[data-link]");
  if (event.key === "j") focusOn(beside(link, 1));
  else if (event.key === "k") focusOn(beside(link, -1));
  else if (event.key === "y") confirm(link).catch(() => location.reload());
});

list?.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-confirm]")) return;
  event.preventDefault();
  confirm(event.target.closest("[data-link]")).catch(() => event.target.submit());
});

focusOn(list?.querySelector("[data-link]"));
