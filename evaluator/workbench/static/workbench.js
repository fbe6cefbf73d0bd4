"use strict";
// What a page needs beside the report's own: an id for each act, the stream, amounts of a draft.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
  const token = meta("token");
  // Of what is shown; before that is there, of the page.
  const version = () => document.querySelector("[data-version]")?.dataset.version ?? meta("version");
  const id = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const drafted = () => document.getElementById("share-form")?.dataset.settings ?? "[]";

  // An act keeps its id until it is answered: who sends it again changes nothing.
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-Workbench-Token"] = token;
    const form = detail.elt.closest("form");
    if (detail.verb === "get" || !form) return;
    form.dataset.act ||= id();
    detail.parameters.act = form.dataset.act;
    detail.parameters.seen = version();
    if (form.id === "share-form") detail.parameters.settings = drafted();
  });
  // What is entered is taken out of its form; what is being written stays, whatever is new.
  document.body.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    const form = detail.elt;
    if (form.matches("form.once") && detail.xhr.status < 300) form.reset();
  });
  const written = (part) => [...part.querySelectorAll("textarea, input[type=text]")].some((one) => one.value.trim());
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (part.id !== "live" || !written(part)) return;
    event.preventDefault();
    document.getElementById("fresh").hidden = false;
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.elt;
    if (form.tagName === "FORM" && detail.xhr.status) delete form.dataset.act;
    if (form.id === "share-form" && detail.successful) location.replace(`/weigh?now${location.hash}`);
  });

  // What was opened stays open, and is asked for again, where a live part is replaced.
  const folds = (part) => [...part.querySelectorAll("details")];
  const known = (one) => `${one.getAttribute("hx-get") ?? one.closest("[id]").id} ${one.querySelector("summary").textContent.trim()}`;
  let opened = new Set();
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    opened = new Set(folds(detail.target).filter((one) => one.open).map(known));
  });
  document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
    for (const one of folds(detail.target)) if (opened.has(known(one))) one.open = true;
    opened = new Set();
  });

  // A table that came later can be scrolled by keyboard as well.
  document.body.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll(".scroll[data-label]:not([tabindex])").forEach((box) => {
      for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-labelledby", box.dataset.label]]) box.setAttribute(name, value);
    });
  });

  // A link to a package chooses it in the form that decides.
  const decide = document.getElementById("decide-form");
  if (decide) {
    const changed = () => decide.elements.choice.dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("live").addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#p-"]');
      if (!link) return;
      event.preventDefault();
      decide.elements.package.value = link.getAttribute("href").slice(3);
      decide.scrollIntoView();
      decide.elements.choice.focus();
      changed();
    });
  }

  // A link to what may be said of a package fills the form in.
  document.body.addEventListener("click", (event) => {
    const link = event.target.closest('a[href="#say-form"]'), say = document.getElementById("say-form");
    if (!link || !say) return;
    event.preventDefault();
    say.elements.package.value = link.dataset.package;
    say.elements.criterion.value = link.dataset.criterion;
    say.scrollIntoView({ block: "center" });
    say.elements.text.focus();
  });

  // One stream while the tab is seen; it catches up by the version that it shows.
  const stale = document.getElementById("stale");
  let stream = null, number = meta("seen");
  function listen() {
    if (document.hidden || stream) return;
    stream = new EventSource(`/events?seen=${version()}.${number}`);
    stream.onopen = () => { stale.hidden = true; };
    stream.onerror = () => { stale.hidden = false; };
    stream.addEventListener("said", ({ data }) => {
      [, number] = data.split(".");
      document.body.dispatchEvent(new CustomEvent("said"));
    });
    stream.addEventListener("changed", ({ data }) => {
      const [to, last] = data.split(".");
      number = last;
      if (to === version()) return;
      const news = document.getElementById("news");
      if (news) news.hidden = false;
      document.body.dispatchEvent(new CustomEvent("changed"));
    });
  }
  function leave() {
    stream?.close();
    stream = null;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  listen();

  // Amounts of the draft: asked once it rests, shown only where nothing newer was asked since.
  const share = document.getElementById("share-form"), weights = document.getElementById("weights-form"), effect = document.getElementById("effect");
  if (weights && effect?.dataset.to) {
    const told = document.getElementById("solving"), sums = document.getElementById("sums");
    const summed = () => {
      const found = effect.querySelector(".sums");
      sums.replaceChildren(...(found ? [found.cloneNode(true)] : []));
    };
    document.getElementById("whatif-status").tabIndex = 0; // on a phone it scrolls
    let waiting, asked = 0, answered = 0;
    // Where others are ahead, how many and how long: asked while the answer is not there.
    const place = async (mine) => {
      if (mine !== asked || mine <= answered) return;
      const found = await fetch("/weigh/place").then((one) => one.json()).catch(() => ({}));
      if (mine !== asked || mine <= answered || found.ahead === undefined) return;
      told.textContent = `Solving … ${found.ahead} ahead, about ${Math.ceil(found.seconds)} s.`;
    };
    // The draws come last, once the amounts are there and nothing newer is tried.
    const draws = document.getElementById("draws"), drawnAt = document.getElementById("drawn-at");
    const drawn = async (settings, mine) => {
      if (mine !== asked || !draws) return;
      drawnAt.textContent = "Drawing …";
      const answer = await post("/weigh/draws", settings).catch(() => null);
      if (mine !== asked || answer === null || answer.status === 204) return;
      Idiomorph.morph(draws, await answer.text(), { morphStyle: "innerHTML" });
      drawnAt.textContent = `Drawn at ${new Date().toLocaleTimeString("en-GB")}.`;
    };
    const post = (to, settings) => fetch(to, {
      method: "POST", headers: { "X-Workbench-Token": token },
      body: new URLSearchParams({ settings, seen: version() }),
    });
    weights.addEventListener("weighed", ({ detail }) => {
      const settings = JSON.stringify(detail), mine = ++asked;
      share?.setAttribute("data-settings", settings);
      clearTimeout(waiting);
      if (draws) {
        draws.replaceChildren();
        drawnAt.textContent = "";
      }
      if (!detail.length) {
        told.textContent = "As shared: move a weight to see what it does.";
        effect.replaceChildren();
        summed();
        return;
      }
      told.textContent = "Solving …";
      told.classList.remove("done-at");
      waiting = setTimeout(async () => {
        let answer;
        const queued = setInterval(() => place(mine), 1000);
        setTimeout(() => place(mine), 100);
        try {
          answer = await post(effect.dataset.to, settings);
        } catch {
          if (mine === asked) told.textContent = "No answer from the workbench.";
          return;
        } finally {
          clearInterval(queued);
          answered = Math.max(answered, mine);
        }
        const text = await answer.text();
        if (mine !== asked || answer.status === 204) return;
        Idiomorph.morph(effect, text, { morphStyle: "innerHTML" });
        summed();
        told.classList.add("done-at");
        told.textContent = `Solved at ${new Date().toLocaleTimeString("en-GB")}.`;
        setTimeout(() => drawn(settings, mine), 500);
      }, 250);
    });
  }
})();
