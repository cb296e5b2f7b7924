"use strict";
// Shows the trials behind a number, and one trial with all its steps. All texts are put in as text, never as markup.
(() => {
  const index = JSON.parse(document.getElementById("index").textContent);
  const reader = document.getElementById("reader");
  const body = document.getElementById("reader-body");
  const title = document.getElementById("reader-title");
  const letterOf = Object.fromEntries(Object.entries(index.outcomes).map(([letter, name]) => [name, letter]));
  const exercised = ["kept", "broken", "hedged"];
  const places = new Map(index.trials.map(([anchor], at) => [anchor, at]));
  let lines = null;
  let opened = 0;

  // Elements.

  function make(tag, looks, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(looks || {})) element.setAttribute(name, value);
    element.append(...children.flat().filter((child) => child !== null && child !== ""));
    return element;
  }
  const link = (address, ...children) => make("a", { href: "#" + address }, ...children);
  const chip = (outcome) => make("span", { class: "chip o-" + outcome, "aria-hidden": "true" }, letterOf[outcome]);
  const percent = (share) => (100 * share).toFixed(0) + " %";
  const signed = (share) => (share > 0 ? "+" : share < 0 ? "−" : "") + Math.abs(100 * share).toFixed(0);
  const counted = (number, noun) => number + " " + noun + (number === 1 ? "" : "s");

  // Evidence: a line a trial, unpacked when it is asked for.

  const unpacked = new Map();
  async function inflate(line) {
    const packed = Uint8Array.from(atob(line), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }
  function unpack(at) {
    lines ||= document.getElementById("evidence").textContent.split("\n");
    return inflate(lines[at]);
  }
  function evidence(at) {
    if (!unpacked.has(at)) unpacked.set(at, unpack(at));
    return unpacked.get(at);
  }

  let voteLines = null;
  async function votesOf(at) {
    voteLines ||= document.getElementById("votes").textContent.split("\n");
    return voteLines[at] ? inflate(voteLines[at]) : [];
  }

  // Names.

  const trialsOf = (cell) => index.trials.map((trial, at) => [...trial, at]).filter((trial) => trial[1] === cell)
    .sort((one, other) => one[2] - other[2]);
  const nameOf = (cell) => [cell.row, cell.direction, cell.arm].join(" · ");
  const wordsOf = (letters) => [...letters].map((letter) => index.outcomes[letter]).filter(Boolean);
  function fraction(letters) {
    const taken = wordsOf(letters).filter((outcome) => exercised.includes(outcome));
    return taken.length ? [taken.filter((outcome) => outcome === "broken").length, taken.length] : null;
  }

  // Views.

  const isShown = {
    all: () => true,
    exercised: (outcome) => exercised.includes(outcome),
    scored: (outcome) => outcome !== "error",
    other: (outcome) => !exercised.includes(outcome) && outcome !== "error",
  };
  const filterWords = {
    all: "all steps", exercised: "steps whose work took a side", scored: "all steps but errors",
    other: "steps whose work took no side",
  };

  function listCell(number, filter, step) {
    const cell = index.cells[number - 1];
    const accepts = isShown[filter] || ((outcome) => outcome === filter);
    const what = step ? "step " + step + " of each run" : filterWords[filter] || "steps that ended " + filter;
    const rows = make("tbody");
    let found = 0;
    for (const [anchor, , run, letters, at] of trialsOf(number - 1)) {
      [...letters].forEach((letter, place) => {
        const outcome = index.outcomes[letter];
        if (!outcome || !accepts(outcome) || (step && place + 1 !== step)) return;
        found += 1;
        const proof = make("td", { class: "proof" });
        const task = make("td", { class: "opt" });
        const address = anchor + "-step-" + (place + 1);
        rows.append(make("tr", {},
          make("td", { class: "n" }, String(run)),
          make("td", { class: "n" }, link(address, "step " + (place + 1))),
          task,
          make("td", {}, chip(outcome), " " + outcome),
          proof));
        evidence(at).then((trial) => {
          const shown = trial.steps.find((one) => one.position === place + 1);
          task.textContent = shown.step;
          proof.textContent = proofOf(shown);
        });
      });
    }
    const heads = ["run", "step", "task", "outcome", "evidence"].map((name, at) =>
      make("th", { scope: "col", class: at < 2 ? "n" : at === 2 ? "opt" : "" }, name));
    return [nameOf(cell), [
      make("p", { class: "lead" }, counted(found, "step") + ": " + what + ". " + favours(cell)),
      filter === "all" && !step ? null : make("p", {}, link("cell-" + number, "All steps of this cell")),
      found ? make("table", {}, make("thead", {}, make("tr", {}, heads)), rows) : make("p", {}, "There is none."),
    ].filter(Boolean)];
  }
  const favours = (cell) => "The constraint favours " + cell.favors + " over " + cell.against + ".";

  function proofOf(step) {
    const [hit] = step.hits;
    if (!hit || !exercised.includes(step.outcome)) return step.why;
    const more = step.hits.length + step.more - 1;
    return where(hit) + textOf(step, hit) + (more > 0 ? " and " + more + " more" : "");
  }
  // The line as it stands in the diff, where it is shown there: what a pattern looked at may be masked.
  function textOf(step, [, path, line, text]) {
    let at = "";
    for (const [kind, shown, number] of step.diff) {
      if (kind === "file") at = pathOf(shown);
      if (path && at === path && number === line && kind !== "removed") return shown.trim();
    }
    return text;
  }
  const pathOf = (head) => head.replace(/ \((created|changed|removed)\)$/, "");
  const where = ([, path, line]) => (path ? path + (line ? ":" + line : "") + "  " : "");

  function listPairs(name) {
    const cells = index.pairs[name];
    const columns = cells.map((cell) => new Map(trialsOf(cell).map((trial) => [trial[2], trial])));
    const runs = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((one, other) => one - other);
    const signs = [1, -1, -1, 1];
    const rows = runs.map((run) => {
      const found = columns.map((column) => column.get(run)).map((trial) => trial ? [trial, fraction(trial[3])] : null);
      const isPaired = found.every((one) => one && one[1]);
      const sum = found.reduce((total, one, at) => total + (one && one[1] ? signs[at] * one[1][0] / one[1][1] : 0), 0);
      return make("tr", {}, make("td", { class: "n" }, String(run)),
        found.map((one) => make("td", { class: "n" }, one
          ? link(one[0][0], one[1] ? one[1].join(" of ") : "no side taken") : "no trial")),
        make("td", { class: "n" }, isPaired ? signed(sum) : "not paired"));
    });
    const heads = cells.map((cell, at) => make("th", { scope: "col", class: "n" },
      (at ? signs[at] > 0 ? "+ " : "− " : "") + index.cells[cell].direction + ", " + index.cells[cell].arm));
    return [index.cells[cells[0]].row, [
      make("p", { class: "lead" }, "Broken out of exercised steps of each run, and the difference of the shares in points. " +
        "The estimate is the mean of the last column."),
      make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {},
        make("th", { scope: "col", class: "n" }, "run"), heads, make("th", { scope: "col", class: "n" }, "points"))),
      make("tbody", {}, rows))),
    ]];
  }

  // One trial.

  async function showTrial(anchor, position) {
    const at = places.get(anchor);
    const [, number, run, letters] = index.trials[at];
    const cell = index.cells[number];
    const [trial, votes] = await Promise.all([evidence(at), votesOf(at)]);
    const strip = make("div", { class: "strip-row", role: "navigation", "aria-label": "Steps of this trial" },
      trial.steps.map((step) => make("a", {
        class: "chip o-" + step.outcome, href: "#" + anchor + "-step-" + step.position,
        "aria-label": "step " + step.position + ", " + step.step + ": " + step.outcome,
        ...(step.position === position ? { "aria-current": "step" } : {}),
      }, letterOf[step.outcome])));
    const facts = "trial " + trial.trial + " · seed " + trial.seed + " · " + trial.status +
      (trial.reason ? " (" + trial.reason + ")" : "") + " · " + counted(trial.attempts, "attempt") +
      (trial.started ? " · began " + new Date(1000 * trial.started).toISOString().slice(0, 19).replace("T", " ") + " UTC" : "") +
      " · " + trial.seconds + " s";
    return [nameOf(cell) + " · run " + run, [
      make("p", { class: "faint" }, facts),
      make("p", {}, favours(cell) + " ", link("cell-" + (number + 1), "All trials of this cell"), "."),
      strip, trial.steps.map((step) => showStep(anchor, step, votes.filter((vote) => vote.position === step.position))),
    ]];
  }

  function showStep(anchor, step, votes) {
    const notes = [
      step.recovered ? "Turned back at step " + step.recovered + "." : "",
      step.early ? "Done already at step " + step.early + "." : "",
      step.done ? "Work done, by the checks: " + step.done + "." : "",
      ...Object.entries(step.rules).map(([name, kept]) => "Rule " + name + (kept ? " kept." : " not kept.")),
    ].filter(Boolean).join(" ");
    const spent = step.calls ? step.seconds + " s, " + counted(step.calls, "model call") + ", " +
      step.tokens[0].toLocaleString("en") + " tokens read, " + step.tokens[1].toLocaleString("en") + " written." : "";
    return make("section", { class: "step", id: anchor + "-step-" + step.position, tabindex: "-1" },
      make("h3", {}, chip(step.outcome), " Step " + step.position + " · " + step.step + " · " + step.outcome),
      make("p", {}, named(step.why), (step.why && !/[.!?]$/.test(step.why) ? ". " : " ") + notes),
      step.violations.map((text) => make("p", {}, make("b", {}, "Not as planned: "), text + ".")),
      part("The user said", make("pre", {}, step.turn)),
      step.said.map(showSaid),
      step.diff.length ? part("What the agent changed", showDiff(step)) : null,
      step.tools.length ? part("Uses of tools", make("ol", { class: "tools-used" }, step.tools.map(showTool))) : null,
      step.commands.length ? part("Commands", make("pre", {}, step.commands.map((run) => showCommand(run, step)))) : null,
      step.reply ? part("The agent answered", make("pre", {}, marked(step.reply, hitsOf(step, (hit) => !hit[1] && step.reply.includes(hit[3]))))) : null,
      step.hits.length ? part("Evidence", make("ul", {}, step.hits.map((hit) => make("li", { class: "proof" },
        make("b", {}, hit[0]), " " + where(hit) + textOf(step, hit),
        hit[4] ? make("span", { class: "faint" }, " · " + hit[4]) : null)), step.more ? make("li", {}, step.more + " more") : null)) : null,
      votes.length ? part("Judges", votes.map(showVote)) : null,
      spent ? make("p", { class: "faint" }, spent + " " + contextOf(step)) : null);
  }
  // A sentence with its names, which stand in backticks.
  const named = (text) => text.split("`").map((piece, at) => at % 2 ? make("code", {}, piece) : piece);
  const part = (name, ...children) => make("div", {}, make("h4", {}, name), ...children);

  const showTool = ([answer, tool, what]) => make("li", {}, answer ? make("b", {}, tool) : null, " " + what,
    answer ? make("span", { class: "faint" }, " in answer " + answer) : null);

  const showVote = (vote) => make("div", { class: "vote" },
    make("p", {}, make("b", {}, vote.judge), ", vote " + vote.vote + ": ", make("b", {}, vote.label),
      vote.intent ? ", " + vote.intent : "", ", confidence " + vote.confidence.toFixed(2)),
    vote.evidence.map((quote) => make("pre", {}, quote)), vote.said ? make("p", { class: "faint" }, vote.said) : null);

  function contextOf(step) {
    const [calls, edit, messages, tokens] = step.context;
    if (!calls) return "";
    return (edit ? "First edit in answer to call " + edit + " of " + calls : "No edit in " + counted(calls, "call")) +
      "; at the end " + counted(messages, "message") + (tokens ? ", " + tokens.toLocaleString("en") + " tokens" : "") + " of context.";
  }

  function showSaid(said) {
    const about = [said.place, said.message, "severity " + said.severity, said.toward && "toward " + said.toward,
      said.went, said.read].filter(Boolean).join(", ");
    return make("div", { class: "said" }, make("h4", {}, "Injected ", make("span", {}, about)), make("pre", {}, said.text));
  }

  function showDiff(step) {
    const signs = { added: "+", removed: "−", same: " " };
    let path = "";
    return make("pre", { class: "diff" }, step.diff.map(([kind, text, number]) => {
      if (kind === "file") path = pathOf(text);
      if (!(kind in signs)) return make("span", { class: kind }, text || " ");
      const isThere = ([, at, line, hit]) => at === path && line === number &&
        (kind === "added" || text.includes(hit.trim().slice(0, 60)));
      const here = hitsOf(step, isThere);
      return make("span", { class: kind },
        make("span", { class: "no" }, number ? String(number) : ""), make("span", {}, signs[kind]),
        make("span", {}, here.length ? marked(text, here) : text || " "));
    }));
  }
  const hitsOf = (step, accepts) => step.hits.filter(accepts);

  function showCommand([command, exit], step) {
    const hits = hitsOf(step, (hit) => !hit[1] && command.includes(hit[3]));
    return make("span", {}, make("span", { class: "no" }, "$ "), hits.length ? marked(command, hits) : command,
      exit >= 0 ? make("span", { class: "faint" }, "   exit " + exit) : null, "\n");
  }

  // A text with what patterns matched in it: marked where it stands, and the pattern named behind it.
  function marked(text, hits) {
    if (!hits.length) return text;
    const wanted = hits[0][3].trim();
    const from = wanted ? text.indexOf(wanted) : -1;
    const parts = from < 0 ? [make("mark", {}, text)]
      : [text.slice(0, from), make("mark", {}, wanted), text.slice(from + wanted.length)];
    const names = [...new Set(hits.map((hit) => hit[0]))].map((name) => make("span", { class: "flag" }, name));
    return [...parts, ...names];
  }

  // Addresses.

  async function view(address) {
    let found = /^(trial-[0-9A-Za-z]+?)(?:-step-(\d+))?$/.exec(address);
    if (found && places.has(found[1])) return showTrial(found[1], Number(found[2] || 0));
    found = /^cell-(\d+)(?:-(?:step-(\d+)|([a-z]+)))?$/.exec(address);
    if (found && index.cells[found[1] - 1]) return listCell(Number(found[1]), found[3] || "all", Number(found[2] || 0));
    if (Object.hasOwn(index.pairs, address)) return listPairs(address);
    return null;
  }

  function asked() {
    try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
  }

  async function open() {
    const address = asked();
    const ticket = ++opened;
    const shown = await view(address);
    if (ticket !== opened) return;
    if (!shown) {
      if (reader.open) reader.close();
      const target = address && document.getElementById(address);
      for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
      return;
    }
    title.textContent = shown[0];
    body.replaceChildren(...shown[1].flat());
    if (!reader.open) reader.showModal();
    const step = document.getElementById(address);
    reader.scrollTop = 0;
    if (step && step !== body && body.contains(step)) step.scrollIntoView({ behavior: "instant" });
    title.focus({ preventScroll: true });
    reader.dataset.shown = address;
  }
  function leave() {
    delete reader.dataset.shown;
    if (location.hash) history.pushState(null, "", location.href.split("#")[0]);
  }
  reader.addEventListener("close", leave);
  reader.addEventListener("click", (event) => { if (event.target === reader) reader.close(); });
  document.getElementById("close").addEventListener("click", () => reader.close());
  document.getElementById("back").addEventListener("click", () => history.back());
  addEventListener("hashchange", open);
  addEventListener("popstate", open);

  // The heat map: one path an outcome, so the step under the pointer is found by its place.

  document.querySelectorAll("#heat svg").forEach((svg, number) => {
    const [cell, left, top, across, down] = index.heat[number];
    const found = (event) => {
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const trial = trialsOf(cell)[Math.floor(((event.clientY - box.top) * scale - top) / down)];
      const place = Math.floor(((event.clientX - box.left) * scale - left) / across);
      return trial && trial[3][place] && trial[3][place] !== " " ? [trial, place] : null;
    };
    svg.addEventListener("click", (event) => {
      const at = found(event);
      if (at) { event.preventDefault(); location.hash = at[0][0] + "-step-" + (at[1] + 1); }
    });
  });

  // Light and dark.

  const theme = document.getElementById("theme");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const say = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.setAttribute("aria-label", "Switch to the " + (isDark() ? "light" : "dark") + " theme"); };
  theme.hidden = false;
  try { root.dataset.theme = localStorage.getItem("driftlang-theme") || ""; } catch { /* a file may have no storage */ }
  if (!root.dataset.theme) delete root.dataset.theme;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("driftlang-theme", root.dataset.theme); } catch { /* as above */ }
    say();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", say);
  say();
  open();
})();
