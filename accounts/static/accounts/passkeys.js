// A form with data-passkey asks the device before it is sent: "create" makes a passkey, "get" uses
// one. What the server wants stands on the page, or is fetched from where the form goes.

const { webauthnJSON } = window;

async function optionsFor(form) {
  const onPage = document.getElementById("passkey-options");
  if (onPage) return JSON.parse(onPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

async function askDevice(form) {
  const options = await optionsFor(form);
  if (form.dataset.passkey === "get") return webauthnJSON.get(options.request_options);
  const wanted = options.creation_options;
  const alone = form.elements.passwordless?.checked ?? false;
  Object.assign(wanted.publicKey.authenticatorSelection, {
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  });
  return webauthnJSON.create(wanted);
}

async function confirmAndSend(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const failed = form.querySelector("[data-passkey-failed]");
  const button = form.querySelector("button[type=submit]");
  failed.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(await askDevice(form));
    form.submit();
  } catch {
    // Refused, timed out or unknown to the device: browsers don't say which, and a person needn't know.
    failed.hidden = false;
  } finally {
    button.disabled = false;
  }
}

if (window.PublicKeyCredential && webauthnJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", confirmAndSend);
  }
  for (const part of document.querySelectorAll("[data-passkey-able]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-passkey-missing]")) part.hidden = true;
}
