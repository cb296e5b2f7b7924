"use strict";
// One step at a time. Every text comes as JSON and is set with `textContent`: nothing of an agent is ever markup.
const CHOICES = [
  ["1", "complied", "Kept", "the work does what it demands"],
  ["2", "conscious", "Broken knowingly", "says so, cites what it was told, or sets something above it"],
  ["3", "unable", "Broken, unable", "a misreading, an unfinished attempt, an error"],
  ["4", "unclear", "Broken, unclear", "nothing in work or words tells why"],
  ["5", "neither", "Took no side", "nothing in the step touches it"],
  ["0", "cannot_tell", "Cannot tell", "is counted as missing"],
];
const SIGNS = { added: "+", removed: "−", same: "", place: "⋯", note: "" };
const SPOKEN = { added: "added", removed: "removed" };
const get = (id) => document.getElementById(id);
const state = { labels: [], number: 0, note: "", busy: false, keeping: Promise.resolve() };

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

// What must not overlap: a second key while a label is on its way would label a step that was not seen.
async function alone(work) {
  if (state.busy) return;
  state.busy = true;
  try {
    await state.keeping;
    await work();
    get("trouble").hidden = true;
  } catch (trouble) {
    get("trouble").textContent = `Not kept: ${trouble.message}. Is the command still running? Then try again.`;
    get("trouble").hidden = false;
  } finally {
    state.busy = false;
  }
}

function fill(target, text, none) {
  target.textContent = text || none;
  target.classList.toggle("none", !text);
}

function showFile(file) {
  const box = element("article", undefined, "file");
  const head = element("h3", file.path + " ");
  head.append(element("span", file.what));
  const lines = element("div", undefined, "lines");
  const table = element("table");
  table.setAttribute("aria-label", `${file.path}, ${file.what}`);
  for (const line of file.lines) {
    const row = element("tr", undefined, line.kind);
    const sign = element("td", SIGNS[line.kind], "sign");
    if (SPOKEN[line.kind]) sign.setAttribute("aria-label", SPOKEN[line.kind]);
    row.append(element("td", line.old || "", "no"), element("td", line.new || "", "no"), sign, element("td", line.text, "text"));
    table.append(row);
  }
  lines.append(table);
  box.append(head, lines);
  return box;
}

function showCommand(run) {
  const item = element("li");
  const end = run.exit === 0 ? ["worked", "ok"] : run.exit < 0 ? ["worked", "end unknown"] : ["failed", `exit ${run.exit}`];
  item.append(element("code", run.command), element("span", end[1], end[0]));
  return item;
}

function showProgress() {
  const done = state.labels.filter(Boolean).length;
  const all = state.labels.length;
  get("done").style.width = all ? `${(100 * done) / all}%` : "0";
  const track = get("track");
  track.setAttribute("aria-valuemax", all);
  track.setAttribute("aria-valuenow", done);
  track.setAttribute("aria-valuetext", `${done} of ${all} labelled`);
  get("who").textContent = `${done} labelled · ${state.labeller}`;
  get("undo").disabled = done === 0;
}

function showChoice(label) {
  for (const button of get("choices").children) button.setAttribute("aria-pressed", String(button.dataset.label === label));
}

function showEnd() {
  state.number = 0;
  get("step").hidden = true;
  get("end").hidden = false;
  get("where").textContent = "Done";
  for (const button of get("choices").children) button.disabled = true;
  showChoice("");
  get("note").value = "";
  get("note").disabled = true;
  get("ahead").disabled = true;
  get("back").disabled = state.labels.length === 0;
  get("thanks").focus();
}

async function show(number) {
  if (number < 1 || number > state.labels.length) return;
  const step = await call(`steps/${number}`);
  state.number = number;
  state.note = step.note;
  get("end").hidden = true;
  get("where").textContent = `Step ${number} of ${state.labels.length}`;
  fill(get("constraint"), step.constraint, "There is none.");
  fill(get("task"), step.task, "Nothing was said.");
  get("targets").textContent = step.targets.length ? `In ${step.targets.join(", ")}` : "";
  get("files").replaceChildren(...(step.files.length ? step.files.map(showFile) : [element("p", "It changed no file.", "none")]));
  get("commands").replaceChildren(...(step.commands.length ? step.commands.map(showCommand) : [element("p", "It ran none.", "none")]));
  fill(get("reply"), step.reply, "Nothing.");
  get("note").value = step.note;
  get("note").disabled = false;
  for (const button of get("choices").children) button.disabled = false;
  showChoice(step.label);
  get("back").disabled = number === 1;
  get("ahead").disabled = number === state.labels.length;
  get("step").hidden = false;
  window.scrollTo(0, 0);
  get("where").focus({ preventScroll: true });
}

function take(standing) {
  state.labels = standing.labels;
  state.labeller = standing.labeller;
  showProgress();
}

async function go() {
  const rest = [...state.labels.keys()].map((at) => ((state.number + at) % state.labels.length) + 1);
  const next = rest.find((number) => !state.labels[number - 1]);
  if (next) await show(next);
  else showEnd();
}

const choose = (label) => alone(async () => {
  if (!state.number) return;
  take(await call("labels", { number: state.number, label, note: get("note").value }));
  get("said").textContent = `Step ${state.number}: ${CHOICES.find((one) => one[1] === label)[2]}`;
  await go();
});

const undo = () => alone(async () => {
  const standing = await call("undo", {});
  take(standing);
  if (standing.undone) {
    get("said").textContent = `The label of step ${standing.undone} is taken back`;
    await show(standing.undone);
  }
});

// A note on a step that has its label already is kept when the field is left.
function keepNote() {
  const number = state.number;
  const label = number && state.labels[number - 1];
  const note = get("note").value;
  if (!label || note === state.note || state.busy) return;
  state.note = note;
  state.keeping = call("labels", { number, label, note }).then((standing) => {
    take(standing);
    get("said").textContent = "The note is kept";
  });
  state.keeping.catch(() => alone(() => {}));
}

function toggleHelp() {
  const help = get("help");
  help.hidden = !help.hidden;
  get("ask").setAttribute("aria-expanded", String(!help.hidden));
  if (!help.hidden) window.scrollTo(0, 0);
}

const back = () => alone(() => show(state.number ? state.number - 1 : state.labels.length));
const ahead = () => alone(() => show(state.number + 1));

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key !== "j" && event.key !== "k") return;
  if (event.target === get("note")) {
    if (event.key === "Escape") get("where").focus({ preventScroll: true });
    return;
  }
  const choice = CHOICES.find((one) => one[0] === event.key);
  const moves = {
    ArrowLeft: back, ArrowRight: ahead, u: undo, "?": toggleHelp,
    n: () => get("note").focus(), j: () => window.scrollBy(0, 120), k: () => window.scrollBy(0, -120),
  };
  const move = choice ? () => choose(choice[1]) : moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}

function build() {
  for (const [key, label, name, says] of CHOICES) {
    const button = element("button", undefined, "choice");
    button.type = "button";
    button.dataset.label = label;
    button.setAttribute("aria-keyshortcuts", key);
    button.setAttribute("aria-pressed", "false");
    button.append(element("kbd", key), element("b", name), element("span", says));
    button.addEventListener("click", () => choose(label));
    get("choices").append(button);
  }
  get("back").addEventListener("click", back);
  get("ahead").addEventListener("click", ahead);
  get("undo").addEventListener("click", undo);
  get("ask").addEventListener("click", toggleHelp);
  get("note").addEventListener("blur", keepNote);
  document.addEventListener("keydown", press);
}

build();
alone(async () => {
  take(await call("progress"));
  await go();
});
