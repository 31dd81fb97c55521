// The search page: which pages hold the words, best first, each with where on it and an excerpt.
(() => {
  const AROUND = 90; // letters of an excerpt on each side of what was found
  const PLACES = 3; // parts of a page that are listed below it
  const FEW = 3; // pages with all words: so few that those with most of them are shown as well
  const LITTLE = new Set("a an and are can do does for from how i in is it my not of on or should than that the to too use versus vs was what when where which why with you".split(" "));
  const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi chi psi omega".split(" ");

  // A word as it is compared: without accents and capitals, in the singular, a Greek letter by its name.
  function plain(word) {
    const letters = word.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase();
    const greek = /^[α-ω]$/.test(letters) ? GREEK[letters.codePointAt(0) - 945] : letters;
    return greek.length > 3 ? greek.replace(/(?<=[^su])s$/, "") : greek;
  }

  const WORD = /[α-ω]|(?:(?![α-ω])[\p{Letter}\p{Number}\p{Mark}])+/gu; // ηλ is a product of two
  const words = (text) => text.match(WORD) ?? [];

  function parts(index) {
    const found = [];
    for (const [page, sections] of Object.entries(index)) {
      sections.forEach(([anchor, heading, text], i) => {
        const title = sections[0][1];
        found.push({ id: found.length, page, title, anchor: i ? anchor : "", name: i ? heading : title, first: i ? "" : title, heading, text });
      });
    }
    return found;
  }

  function engine(all) {
    const search = new MiniSearch({
      fields: ["first", "heading", "text"],
      tokenize: words,
      processTerm: (word) => plain(word) || null,
      searchOptions: { boost: { first: 12, heading: 4 }, weights: { fuzzy: 0.3, prefix: 0.5 } },
    });
    search.addAll(all);
    return search;
  }

  // Parts that hold all words, little ones aside; where these are few, then those that hold half of them or more;
  // where there are none, those that hold what is spelt like one.
  function hits(search, all, query) {
    const phrase = words(query).map(plain).join(" ");
    const said = (text) => ` ${words(text).map(plain).join(" ")} `.includes(` ${phrase} `);
    const telling = words(query).filter((word) => !LITTLE.has(word.toLowerCase()));
    const asked = telling.length ? telling : words(query);
    const count = new Set(asked.map(plain)).size;
    const prefix = (word, i, terms) => i === terms.length - 1 && word.length > 2;
    const found = search.search(asked.join(" "), { prefix }).filter((hit) => hit.queryTerms.length >= count / 2);
    const exact = found.filter((hit) => hit.queryTerms.length === count);
    const enough = new Set(exact.map((hit) => all[hit.id].page)).size >= FEW;
    const near = () => search.search(asked.join(" "), { fuzzy: (word) => (word.length > 4 ? 0.2 : false), prefix: true });
    return (enough ? exact : found.length ? found : near()).map((hit) => {
      const part = all[hit.id];
      const boost = (said(part.first) ? 4 : 1) * (said(part.heading) ? 2 : 1) * (said(part.text) ? 1.5 : 1);
      return { ...part, score: hit.score * boost * (hit.queryTerms.length / count) ** 2, whole: hit.queryTerms.length === count, terms: new Set(hit.terms) };
    }).sort((a, b) => b.score - a.score);
  }

  function byPage(found) {
    const pages = new Map();
    for (const hit of found) pages.set(hit.page, [...(pages.get(hit.page) ?? []), hit]);
    return [...pages.values()];
  }

  function element(tag, content, settings = {}) {
    const made = Object.assign(document.createElement(tag), settings);
    made.append(...content);
    return made;
  }

  // The words around the first place where most of what was looked for stands together, or the first words.
  function excerpt({ text, terms }) {
    const places = [...text.matchAll(WORD)].filter(([word]) => terms.has(plain(word)));
    const near = (at) => new Set(places.filter((p) => p.index >= at && p.index < at + AROUND).map(([word]) => plain(word))).size;
    const best = places.reduce((a, { index }) => (near(index) > near(a) ? index : a), places[0]?.index ?? 0);
    const start = best <= AROUND ? 0 : text.indexOf(" ", best - AROUND) + 1;
    const end = best + 2 * AROUND >= text.length ? text.length : text.lastIndexOf(" ", best + 2 * AROUND);
    const content = [start ? "… " : ""];
    let from = start;
    for (const { 0: word, index } of places.filter((p) => p.index >= start && p.index < end)) {
      content.push(text.slice(from, index), element("mark", [word]));
      from = index + word.length;
    }
    return element("p", [...content, text.slice(from, end), end < text.length ? " …" : ""]);
  }

  const link = ({ page, anchor }, name) => element("a", [name], { href: `${page}.html${anchor && `#${anchor}`}` });

  function result(found) {
    const [best] = found;
    const places = found.filter((hit) => hit.anchor).slice(0, PLACES);
    const item = element("li", [element("h2", [link({ page: best.page, anchor: "" }, best.title)])]);
    const worded = found.find((hit) => hit.text);
    if (worded) item.append(excerpt(worded));
    if (places.length) item.append(element("ul", places.map((hit) => element("li", [link(hit, hit.name)]))));
    return item;
  }

  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  for (const field of document.querySelectorAll("input[name='q']")) field.value = query;
  if (!query) return;
  const all = parts(gdSearchIndex);
  const found = byPage(hits(engine(all), all, query));
  const pages = found.length === 1 ? "1 page" : `${found.length} pages`;
  document.title = `${query} · ${document.title}`;
  document.querySelector(".gd-results").append(...found.map(result));
  document.querySelector(".gd-found").textContent = found.length
    ? `${pages} with “${query}”${found.flat().every((hit) => hit.whole) ? "" : " or a part of it"}`
    : `Nothing is found for “${query}”. Try fewer words, or another spelling.`;
})();
