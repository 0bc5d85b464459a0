"use strict";
/* Sending files one by one: drop area, list, progress, retry. Without it the same form sends them all at once. */

const WAITING = "waiting";
const SENDING = "sending";
const DONE = "done";
const REFUSED = "refused";
const LOST = "Sambungan terputus. Berkas ini belum diunggah. Coba lagi.";
const SIGN_IN = "Sesi berakhir. Masuk lagi di tab lain, lalu tekan Coba lagi.";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "sk-i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

function inWords(size) {
  if (size < 1024) return `${size} bita`;
  const kilobytes = size / 1024;
  if (kilobytes < 1000) return `${Math.round(kilobytes)} KB`;
  return `${(kilobytes / 1024).toFixed(1).replace(".", ",")} MB`;
}

function holdsFiles(event) {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}

function startUpload(form) {
  const input = form.querySelector('input[type="file"]');
  const several = input.multiple;
  const largest = Number(form.dataset.largest);
  const button = form.querySelector(".sk-save .sk-primary");
  const items = [];
  let sending = false;

  /* ---------- What is seen ---------- */

  const list = element("ul", { class: "sk-files", "aria-label": "Berkas yang dipilih" });
  const status = element("p", { class: "sk-help", role: "status" });
  // The browser's own button speaks the browser's language; its input stays, seen by the keyboard and by readers.
  const choose = element("label", { class: "sk-btn", for: input.id, "aria-hidden": "true" }, icon("upload"), "Pilih berkas");
  const area = element("div", { class: "sk-drop" });
  input.before(area);
  input.classList.add("sk-unseen");
  area.append(input, choose, several ? "atau seret berkas ke sini" : "atau seret satu berkas ke sini");
  area.after(list, status);

  function row(item) {
    item.say = element("p", { class: "sk-file-said" });
    item.bar = element("progress", { max: "1", value: "0", "aria-label": `Kemajuan ${item.file.name}` });
    item.bar.hidden = true;
    item.again = element("button", { type: "button", class: "sk-btn" }, "Coba lagi");
    item.again.setAttribute("aria-label", `Coba lagi ${item.file.name}`);
    item.again.hidden = true;
    item.again.addEventListener("click", () => retry(item));
    item.drop = element("button", { type: "button", class: "sk-btn", "aria-label": `Hapus ${item.file.name}` }, icon("x"));
    item.drop.addEventListener("click", () => remove(item));
    const name = element("span", { class: "sk-file-name" }, element("strong", {}, item.file.name), ` ${inWords(item.file.size)}`);
    item.row = element("li", {}, name, item.again, item.drop, item.bar, item.say);
    list.append(item.row);
  }

  function show(item, state, said = "") {
    item.state = state;
    item.row.className = `is-${state}`;
    item.bar.hidden = state !== SENDING;
    item.again.hidden = state !== REFUSED || item.hopeless;
    item.drop.hidden = state === DONE || state === SENDING;
    item.say.textContent = said;
    item.say.hidden = !said;
  }

  function add(files) {
    for (const file of several ? files : [...files].slice(0, 1)) {
      if (!several) items.splice(0).forEach((item) => item.row.remove());
      const item = { file, hopeless: file.size > largest };
      items.push(item);
      row(item);
      if (item.hopeless) {
        show(item, REFUSED, `Berkas ${Math.ceil(file.size / 1048576)} MB, paling besar ${form.dataset.largestWords}.`);
      } else show(item, WAITING);
    }
    // They are sent from the list; left in the input they would stand there twice.
    input.value = "";
    clearErrors("file");
    tell();
  }

  function remove(item) {
    const next = items[items.indexOf(item) + 1] || items[items.indexOf(item) - 1];
    items.splice(items.indexOf(item), 1);
    item.row.remove();
    tell();
    (next && !next.drop.hidden ? next.drop : input).focus();
    if (items.length && items.every((each) => each.state === DONE)) leave();
  }

  function tell() {
    const count = (state) => items.filter((item) => item.state === state).length;
    const said = [];
    if (count(DONE)) said.push(`${count(DONE)} dari ${items.length} berkas diunggah.`);
    if (count(REFUSED)) said.push(`${count(REFUSED)} belum, alasannya tertulis di bawah namanya.`);
    if (!said.length && items.length) said.push(`${items.length} berkas dipilih.`);
    status.textContent = said.join(" ");
  }

  /* ---------- Errors of other fields stand at the field, as the server shows them ---------- */

  function clearErrors(name) {
    const field = form.querySelector(`#${name}`)?.closest(".sk-field");
    field?.classList.remove("is-bad");
    field?.querySelectorAll(":scope > .sk-err").forEach((each) => each.remove());
  }

  function showErrors(errors) {
    for (const told of form.querySelectorAll("[data-said]")) {
      told.closest(".sk-field")?.classList.remove("is-bad");
      told.remove();
    }
    let first = null;
    for (const [name, said] of Object.entries(errors)) {
      const control = name && form.querySelector(`#${name}`);
      const field = control ? control.closest(".sk-field") : null;
      const told = element("p", { class: "sk-err", "data-said": "" }, icon("triangle-alert"), element("span", {}, said));
      if (field) {
        clearErrors(name);
        field.classList.add("is-bad");
        (field.querySelector(":scope > .sk-help") || field.querySelector(".sk-label")).after(told);
      } else form.querySelector(".sk-save").before(told);
      first ||= control || button;
    }
    first?.focus();
  }

  /* ---------- Sending ---------- */

  function send(item) {
    return new Promise((resolve) => {
      const body = new FormData(form);
      body.delete("file");
      body.append("file", item.file);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) item.bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        let answer = null;
        try {
          answer = JSON.parse(request.responseText);
        } catch {
          // What is no JSON is no answer of ours: the line broke, or something between us spoke.
        }
        resolve({ code: request.status, answer });
      });
      show(item, SENDING);
      item.row.scrollIntoView({ block: "nearest" });
      request.send(body);
    });
  }

  /* True where the next file may be tried; else what was said concerns them all. */
  function take(item, { code, answer }) {
    const errors = answer && answer.errors;
    if (answer && answer.ok) {
      item.url = answer.url;
      show(item, DONE, "Diunggah.");
    } else if (code === 401 || code === 400) {
      item.stale = true;
      show(item, REFUSED, code === 401 ? SIGN_IN : "Halaman ini sudah terlalu lama terbuka. Tekan Coba lagi.");
      return false;
    } else if (errors && errors.file) show(item, REFUSED, errors.file);
    else if (errors && Object.keys(errors).some((name) => name)) {
      show(item, WAITING);
      showErrors(errors);
      return false;
    } else show(item, REFUSED, (errors && errors[""]) || LOST);
    return true;
  }

  async function sendAll(chosen) {
    if (sending) return;
    sending = true;
    form.setAttribute("aria-busy", "true");
    showErrors({});
    for (const item of chosen) {
      if (!take(item, await send(item))) break;
      tell();
    }
    sending = false;
    form.removeAttribute("aria-busy");
    tell();
    if (items.every((item) => item.state === DONE)) leave();
  }

  /* The form's token belongs to the session: after signing in anew there is another. */
  async function renewToken() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-upload] input[name=csrf_token]");
    if (fresh) form.elements.csrf_token.value = fresh.value;
    return Boolean(fresh);
  }

  async function retry(item) {
    if (sending) return;
    try {
      if (item.stale && !(await renewToken())) {
        show(item, REFUSED, SIGN_IN);
        return;
      }
    } catch {
      show(item, REFUSED, LOST);
      return;
    }
    item.stale = false;
    sendAll([item, ...items.filter((each) => each !== item && each.state === WAITING)]);
  }

  function leave() {
    const agreement = form.querySelector('input[type="hidden"][name="agreement"]');
    if (items.length === 1 || !agreement) location.assign(items[0].url);
    else location.assign(`${form.dataset.agreementUrl}?id=${encodeURIComponent(agreement.value)}#berkas`);
  }

  /* ---------- What a person does ---------- */

  input.addEventListener("change", () => add(input.files));
  // Anywhere on the page: a browser would open a file that falls beside the area, and all that was typed were gone.
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    area.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) area.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    area.classList.remove("is-over");
    if (!sending) add(event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    if (!items.length) return; // the server says what is missing
    event.preventDefault();
    const open = items.filter((item) => item.state === WAITING);
    if (open.length) sendAll(open);
    else if (items.every((item) => item.state === DONE)) leave();
    else items.find((item) => item.state === REFUSED).drop.focus();
  });
  if (input.files.length) add(input.files); // chosen before this ran, or restored by the browser
  window.addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });
}

document.querySelectorAll("form[data-upload]").forEach(startUpload);
