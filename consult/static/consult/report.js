// A report's page: shows how far it is while it is made, and copies its SHA-256.
// The socket only says that something changed; what it is, is fetched. Without it, the page asks.

const ASK_EVERY = 4000;
const place = document.querySelector("[data-progress]");

if (place) {
  let asking = false;
  let again = false;

  const show = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const answer = await fetch(place.dataset.progress, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) update(await answer.text());
    } catch {
      // The network is away: the next asking tries again.
    } finally {
      asking = false;
    }
    if (again) {
      again = false;
      await show();
    }
  };

  const update = (text) => {
    const fragment = new DOMParser().parseFromString(text, "text/html").querySelector("[data-state]");
    if (!fragment) return;
    if (fragment.dataset.state !== "running") {
      location.reload();
      return;
    }
    // Only the changed words are read aloud, so the status element itself stays.
    for (const name of [".report-progress-count", "p.muted"]) {
      const [now, then] = [fragment.querySelector(name), place.querySelector(name)];
      if (then && now.textContent !== then.textContent) then.textContent = now.textContent;
    }
    const [bar, next] = [place, fragment].map((each) => each.querySelector("progress"));
    bar.max = next.max;
    bar.value = next.value;
  };

  const listen = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${place.dataset.socket}`);
    socket.addEventListener("message", show);
    socket.addEventListener("close", (event) => {
      if (event.code < 4400) setTimeout(listen, ASK_EVERY);
    });
  };

  document.querySelector("[data-refresh]")?.setAttribute("hidden", "");
  listen();
  setInterval(show, ASK_EVERY);
  show();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const words = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = words), 2000);
  });
}

// Printed, a report shows every table.
for (const [event, open] of [["beforeprint", true], ["afterprint", false]]) {
  window.addEventListener(event, () => {
    for (const details of document.querySelectorAll("details.behind")) {
      if (open) details.dataset.was = details.open ? "open" : "";
      details.open = open || details.dataset.was === "open";
    }
  });
}
