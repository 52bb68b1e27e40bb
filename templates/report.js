"use strict";
(() => {
  const form = document.getElementById("filter");
  const query = form.elements.q;
  const verdict = form.elements.verdict;
  const found = document.getElementById("found");
  const cases = [...document.querySelectorAll("details.case")];
  const texts = new Map(cases.map((item) => [
    item,
    (item.querySelector("summary").textContent + " " + item.dataset.about).toLowerCase(),
  ]));

  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of cases) {
      const text = texts.get(item);
      const matches = words.every((word) => text.includes(word))
        && (verdict.value === "" || item.dataset.verdict === verdict.value);
      item.hidden = !matches;
      count += matches ? 1 : 0;
    }
    for (const chapter of document.querySelectorAll("section.chapter")) {
      chapter.hidden = !chapter.querySelector("details.case:not([hidden])");
    }
    found.textContent = count === 1 ? "1 case" : `${count} cases`;
  };

  const remember = () => {
    const state = new URLSearchParams();
    if (query.value) state.set("q", query.value);
    if (verdict.value) state.set("verdict", verdict.value);
    const text = state.toString();
    history.replaceState(null, "", text ? `#?${text}` : "#cases");
  };

  const follow = () => {
    if (location.hash.startsWith("#?")) {
      const state = new URLSearchParams(location.hash.slice(2));
      query.value = state.get("q") ?? "";
      verdict.value = state.get("verdict") ?? "";
      apply();
      document.getElementById("cases").scrollIntoView();
      return;
    }
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    if (place.hidden) {
      query.value = "";
      verdict.value = "";
      apply();
    }
    for (let item = place; item; item = item.parentElement) {
      if (item.localName === "details") item.open = true;
    }
    place.scrollIntoView();
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

  form.hidden = false;
  form.addEventListener("input", () => { apply(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button);
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    for (const group of document.querySelectorAll("details.group")) group.open = true;
  });
  follow();
})();
