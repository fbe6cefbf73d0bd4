"use strict";
// Weights of an agency stated by swings, by rank order or in pairs: the sliders follow, and what is
// sent is the statement, until one of them is moved.
(() => {
  const weights = document.getElementById("weights-form"), source = document.getElementById("whatif-data");
  const section = document.getElementById("stating"), room = document.getElementById("statement");
  if (!weights || !source || !section) return;
  section.hidden = false;
  const data = JSON.parse(source.textContent);
  const token = document.querySelector('meta[name="token"]').content;
  // By key of the scenario: the statement, and the shares of the sliders that follow from it.
  const held = new Map();

  weights.addEventListener("weighed", ({ detail }) => {
    for (const [key, mine] of held) {
      const entry = detail.find((one) => one.set === key);
      const shares = JSON.stringify(entry?.to.judgements);
      mine.shares ??= shares;
      if (entry && shares === mine.shares) entry.to = mine.to;
    }
  });

  function statement(form) {
    const { method, index } = form.dataset, said = { method, confidence: "illustrative" };
    if (method === "ahp") {
      const pairwise = {};
      for (const one of form.querySelectorAll("select[data-first]")) {
        const times = Number(one.value), { first, second } = one.dataset;
        const [more, less] = times > 0 ? [first, second] : [second, first];
        (pairwise[more] ??= {})[less] = Math.abs(times);
      }
      return { ...said, random_index: index, pairwise };
    }
    const boxes = [...form.querySelectorAll("input[data-name]")].filter((one) => one.value !== "");
    const judgements = Object.fromEntries(boxes.map((one) => [one.dataset.name, Number(one.value)]));
    const kind = form.querySelector("[data-kind]")?.value;
    return { ...said, ...(kind ? { kind } : {}), judgements };
  }

  // The sliders of the agency stand as the weights that follow.
  function follow(form, to, found) {
    const place = data.agencies.findIndex((one) => one.id === form.dataset.agency);
    held.set(form.dataset.key, { to, shares: null });
    data.agencies[place].criteria.forEach((criterion, i) => {
      const box = document.getElementById(`w-${place}-${i}`);
      box.value = 100 * (found[data.criteria[criterion]] ?? 0);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // How consistent the pairs are stays in sight, and the judgement to look at first is marked.
  function consistency(form, ratio) {
    const told = form.querySelector("#consistency");
    if (!told) return;
    told.replaceChildren(...(ratio?.childNodes ?? []));
    told.classList.toggle("amiss", Boolean(ratio?.classList.contains("amiss")));
    const pair = [ratio?.dataset.first, ratio?.dataset.second].sort().join();
    for (const one of form.querySelectorAll("select[data-first]")) {
      const mine = [one.dataset.first, one.dataset.second].sort().join();
      one.closest("li").classList.toggle("odd", told.classList.contains("amiss") && mine === pair);
    }
    ratio?.remove();
  }

  let asked = 0, waiting;
  async function ask(form, done) {
    const mine = ++asked, to = statement(form), told = document.getElementById("stated");
    const body = new URLSearchParams({ settings: JSON.stringify([{ set: form.dataset.key, to }]), seen: "0" });
    const answer = await fetch("/weigh/statement", { method: "POST", headers: { "X-Workbench-Token": token }, body }).catch(() => null);
    if (mine !== asked || !form.isConnected) return;
    if (answer === null) {
      told.textContent = "No answer from the workbench.";
      return;
    }
    const text = await answer.text();
    Idiomorph.morph(told, text, { morphStyle: "innerHTML" });
    consistency(form, told.querySelector(".ratio"));
    const found = told.querySelector("[data-weights]");
    if (!done || !found) return;
    follow(form, to, JSON.parse(found.dataset.weights));
    if (done === "kept") weights.dispatchEvent(new Event("change"));
  }
  const later = (done) => ({ target }) => {
    const form = target.closest("#statement-form");
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(form, done), 150);
  };
  room.addEventListener("input", later("tried"));
  room.addEventListener("change", later("kept"));
  room.addEventListener("submit", (event) => event.preventDefault());
  // What a form begins with is shown, and moves nothing.
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    const form = detail.target === room && document.getElementById("statement-form");
    if (form) ask(form, "");
  });
})();
