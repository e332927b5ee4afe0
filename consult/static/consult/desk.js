// Opens the publishing form in the table, under its section; without this it is a page of its own.

const columns = 7;

async function openForm(link) {
  const row = link.closest("tr");
  const answer = await fetch(link.href, { headers: { "X-Fragment": "form" } });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const place = document.createElement("tr");
  place.className = "desk-form-row";
  place.insertCell().colSpan = columns;
  place.cells[0].append(holder.content);
  closeForm();
  row.after(place);
  link.setAttribute("aria-expanded", "true");
  place.querySelector("input:not([type=hidden])")?.focus();
}

function closeForm() {
  const open = document.querySelector(".desk-form-row");
  const link = document.querySelector("[data-inline][aria-expanded=true]");
  open?.remove();
  link?.removeAttribute("aria-expanded");
  return link;
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("[data-inline]");
  if (link) {
    event.preventDefault();
    if (link.getAttribute("aria-expanded")) closeForm();
    else openForm(link).catch(() => location.assign(link.href));
  } else if (event.target.closest(".desk-form-row [data-close]")) {
    event.preventDefault();
    closeForm()?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeForm()?.focus();
});
