"use strict";
(() => {
  const PAGE = 100;
  const get = (id) => document.getElementById(id);
  const { outcomes, texts, cases } = JSON.parse(get("data").textContent);
  const words = new Map(outcomes);
  const form = get("filter");
  const list = get("list");
  const further = get("further");
  const chips = get("chips");
  const FIELDS = ["q", "verdict", "chapter", "level"];
  const EXTRA = ["requirement", "reason"];
  const extra = { requirement: "", reason: "" };
  // What failed or could not be judged stands first, each part by chapter.
  const RANKS = { fail: 0, defect: 0, inconclusive: 0, flaky: 0 };
  const rank = (item) => RANKS[item.verdict] ?? 1;
  cases.sort((one, other) => rank(one) - rank(other));
  const reason = (item) => item.reason_text === undefined ? "" : texts[item.reason_text];
  const about = (item) => (item.about_texts ?? []).map((at) => texts[at]);
  let found = cases;
  let shown = 0;

  // Every text is put in as text: nothing of it can become markup.
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const anchor = (kind, id) =>
    `${kind}-${[...id].slice(0, 200).map((c) => (/[A-Za-z0-9._-]/.test(c) ? c : "-")).join("")}`;

  const haystacks = new Map();
  const haystack = (item) => {
    let text = haystacks.get(item);
    if (text === undefined) {
      text = [item.id, texts[item.purpose_text], ...about(item), reason(item)].join("\n").toLowerCase();
      haystacks.set(item, text);
    }
    return text;
  };

  const matches = (item, wanted) =>
    (wanted.verdict === "" || item.verdict === wanted.verdict)
    && (wanted.chapter === "" || texts[item.chapter_text] === wanted.chapter)
    && (wanted.level === "" || item.level === wanted.level)
    && (extra.requirement === "" || about(item).includes(extra.requirement))
    && (extra.reason === "" || reason(item) === extra.reason)
    && wanted.words.every((word) => haystack(item).includes(word));

  // What was told elsewhere on the page is not in the data again: it is copied.
  const told = (item) => {
    const findings = new Map();
    for (const finding of document.querySelectorAll(`main .part [data-finding^="${item.number}."]`)) {
      if (findings.has(finding.dataset.finding)) continue;
      const copy = finding.cloneNode(true);
      for (const part of copy.querySelectorAll("[id]")) part.removeAttribute("id");
      findings.set(finding.dataset.finding, copy);
    }
    const rest = document.querySelector(`template[data-case="${item.number}"]`);
    return [...findings.values(), ...(rest ? [rest.content.cloneNode(true)] : [])];
  };

  // The exchanges of a case in the order in which they happened, those that offend open, and what is left out between.
  const inOrder = (inside) => {
    const all = [...inside.querySelectorAll("details.exchange")];
    if (all.length < 2) return;
    const order = make("section", { class: "order" }, make("h4", {}, "Exchanges, in the order in which they happened"));
    for (const exchange of all) {
      const finding = exchange.closest(".finding");
      if (finding) exchange.replaceWith(make("p", { class: "at" }, `Exchange ${exchange.dataset.number}, below.`));
    }
    for (const exchange of all.sort((one, other) => one.dataset.number - other.dataset.number)) {
      if (exchange.dataset.gap) order.append(make("p", { class: "gap" }, exchange.dataset.gap));
      order.append(exchange);
    }
    inside.append(order);
  };

  const sent = (item) => {
    const rows = item.sent.map(([asked, who, status, time]) => make(
      "li", {}, make("code", {}, texts[asked]), ` as ${texts[who]}: `, make("b", {}, String(status)), ` in ${time}`,
    ));
    if (item.more) rows.push(make("li", {}, `… and ${item.more} more`));
    return make("ol", { class: "sent" }, ...rows);
  };

  const fill = (inside, item) => {
    const links = about(item).map((id) => make("a", { href: `#${anchor("requirement", id)}` }, id));
    const place = make("span", { class: "place" }, `${texts[item.file_text]}:${item.line}`);
    inside.append(make("p", { class: "meta" }, make("span", { class: "level" }, item.level), ...links, place));
    if (reason(item)) inside.append(make("p", { class: "reason" }, reason(item)));
    inside.append(...told(item));
    inOrder(inside);
    if (item.checks) {
      const counts = item.checks.map(([check, count]) => `${texts[check]}${count > 1 ? ` × ${count}` : ""}`);
      inside.append(make("p", { class: "note" }, `As expected: ${counts.join(", ")}.`));
    }
    if (item.noticed_texts) {
      const [summary, ...places] = item.noticed_texts.map((number) => texts[number]);
      inside.append(make("p", { class: "note" }, summary));
      if (places.length) inside.append(make("ul", { class: "sent" }, ...places.map((place) => make("li", {}, place))));
    }
    if (item.sent) inside.append(sent(item), make("p", { class: "note" }, "Headers and bodies are in run.json."));
    for (const button of inside.querySelectorAll(".scripted")) button.hidden = false;
    watch(inside);
  };

  const row = (item) => {
    const what = make("span", { class: "what" },
      make("span", { class: "id" }, item.id), " ", make("span", { class: "purpose" }, texts[item.purpose_text]));
    const badge = make("span", { class: `badge ${item.verdict}` }, words.get(item.verdict));
    const summary = make("summary", {}, badge, " ", what, " ");
    if (item.standing) summary.append(make("span", { class: "badge standing" }, item.standing), " ");
    summary.append(make("span", { class: "time" }, item.took));
    const details = make("details", { class: "case", id: item.anchor }, summary);
    details.addEventListener("toggle", () => {
      if (!details.open || details.children.length > 1) return;
      const inside = make("div", { class: "inside" });
      details.append(inside);
      fill(inside, item);
    });
    return details;
  };

  const chapterOf = (item) => {
    const name = `${texts[item.chapter_text]}${rank(item) === 0 ? ": failed or inconclusive" : ""}`;
    const last = list.lastElementChild;
    if (last && last.dataset.chapter === name) return last;
    const section = make("section", { class: "chapter", "data-chapter": name }, make("h3", {}, name));
    list.append(section);
    return section;
  };

  const more = (until) => {
    const end = Math.min(until, found.length);
    for (; shown < end; shown += 1) chapterOf(found[shown]).append(row(found[shown]));
    further.hidden = shown >= found.length;
    further.textContent = `Show ${Math.min(PAGE, found.length - shown)} more of ${found.length - shown}`;
  };

  const showChips = () => {
    const active = EXTRA.filter((name) => extra[name] !== "");
    chips.hidden = active.length === 0;
    chips.replaceChildren(...active.map((name) => {
      const button = make("button", { type: "button", "aria-label": `Remove the filter: ${name} ${extra[name]}` },
        `${name}: `, make("bdi", {}, extra[name]), " ×");
      button.addEventListener("click", () => { extra[name] = ""; changed(); form.elements.q.focus(); });
      return make("li", {}, button);
    }));
  };

  const apply = () => {
    const wanted = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
    wanted.words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    found = cases.filter((item) => matches(item, wanted));
    shown = 0;
    list.replaceChildren();
    more(PAGE);
    showChips();
    const all = found.length === cases.length ? "" : ` of ${cases.length}`;
    get("found").textContent = `${found.length}${all} ${cases.length === 1 ? "case" : "cases"}`;
  };

  const remember = () => {
    const state = new URLSearchParams();
    for (const name of FIELDS) if (form.elements[name].value) state.set(name, form.elements[name].value);
    for (const name of EXTRA) if (extra[name]) state.set(name, extra[name]);
    const text = state.toString();
    history.replaceState(null, "", text ? `#?${text}` : "#cases");
  };
  const changed = () => { apply(); remember(); };

  const recall = (state) => {
    for (const name of FIELDS) form.elements[name].value = state.get(name) ?? "";
    for (const name of EXTRA) extra[name] = state.get(name) ?? "";
    for (const select of form.querySelectorAll("select")) if (select.selectedIndex < 0) select.selectedIndex = 0;
    apply();
  };

  // The row of a case, made if it is not there yet.
  const reveal = (id) => {
    const item = cases.find((one) => one.anchor === id);
    if (!item) return null;
    if (!found.includes(item)) recall(new URLSearchParams());
    const at = found.indexOf(item);
    if (at >= Math.max(shown, 20 * PAGE)) recall(new URLSearchParams({ q: item.id }));
    else if (at >= shown) more(at + PAGE);
    return get(id);
  };

  const follow = () => {
    if (location.hash.startsWith("#?")) {
      recall(new URLSearchParams(location.hash.slice(2)));
      get("cases").scrollIntoView();
      return;
    }
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { return; }
    if (!name) return;
    const place = name.startsWith("case-") ? reveal(name) : get(name);
    if (!place) return;
    for (let item = place; item; item = item.parentElement) if (item.localName === "details") item.open = true;
    place.scrollIntoView();
    // A row begins below the filters, which stay in view and may take several lines.
    const covered = form.getBoundingClientRect().bottom - place.getBoundingClientRect().top;
    if (list.contains(place) && getComputedStyle(form).position === "sticky" && covered > 0) scrollBy(0, -covered);
    if (place.localName === "details") place.querySelector("summary").focus({ preventScroll: true });
  };

  const copy = async (button) => {
    const text = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  // A long body is scrolled to what offends, when it is seen for the first time.
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const mark = target.querySelector("mark");
      const below = mark.getBoundingClientRect().top - target.getBoundingClientRect().top;
      if (below > target.clientHeight * 0.8) target.scrollTop = below - target.clientHeight / 3;
    }
  });
  const watch = (part) => {
    for (const body of part.querySelectorAll("pre.body:has(mark)")) seen.observe(body);
  };

  const drawing = get("timeline");
  if (drawing) {
    const barred = cases.filter((item) => item.bar);
    const { width, height } = drawing.viewBox.baseVal;
    const under = (event) => {
      const box = drawing.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * width;
      const lane = Math.floor((event.clientY - box.top) / box.height * height / 10);
      return barred.find((item) => item.bar[2] === lane && item.bar[0] <= x && x <= item.bar[0] + item.bar[1]);
    };
    drawing.addEventListener("pointermove", (event) => {
      const item = under(event);
      drawing.classList.toggle("over", Boolean(item));
      get("at").textContent = item ? `${item.id}, ${words.get(item.verdict)}, ${item.took}` : "";
    });
    drawing.addEventListener("click", (event) => {
      const item = under(event);
      if (item) location.hash = `#${item.anchor}`;
    });
  }

  for (const element of document.querySelectorAll(".scripted")) element.hidden = false;
  form.addEventListener("input", changed);
  form.addEventListener("reset", () => { extra.requirement = ""; extra.reason = ""; setTimeout(changed); });
  form.addEventListener("submit", (event) => event.preventDefault());
  further.addEventListener("click", () => {
    const first = shown;
    more(shown + PAGE);
    get(found[first].anchor).querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button);
    // A link to the place that is shown already would do nothing.
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  addEventListener("hashchange", follow);
  watch(document);
  // What is printed is shown: of each violated requirement the first test, with the exchange that shows it.
  addEventListener("beforeprint", () => {
    for (const exchange of document.querySelectorAll(".part .seen.first details.exchange")) exchange.open = true;
  });
  apply();
  follow();
})();
