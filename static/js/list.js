// The list's search where a file answered: the portal reads what stands after the `?`, a file cannot. The page
// then looks itself into the list's index, by the rules of publication/listing.py. Without it the whole list
// stays, and the lists by department, service and category. An address is read by the scripts of the check.
"use strict";
(() => {
  const told = document.querySelector("[data-found]");
  const form = document.querySelector("form[role=search]");
  if (!told || !form || !window.fetch) return;
  const KINDS = ["service", "department", "category"];
  const MARKS = /^[@\uff20]+/;
  const ADDRESS_SIGNS = /[./。]/;
  const DASHES = /[-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc]/g;

  const asked = new URLSearchParams(location.search);
  const isFormer = asked.get("status") === "former";

  // As fold_for_search in shinshiro_sns/text.py: no differences of width, case, kana, dashes or blanks.
  const fold = (text) =>
    text
      .normalize("NFKC")
      .toUpperCase()
      .toLowerCase()
      .replaceAll("ς", "σ")
      .replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60))
      .replace(DASHES, "-")
      .replace(/[\u301c~]/g, "~")
      .normalize("NFKC")
      .replaceAll("\0", " ")
      .trim();
  const wordsOf = (text) =>
    text
      .split(/\s+/)
      .flatMap((word) => fold(word.replace(MARKS, "")).split(/\s+/))
      .filter(Boolean);

  const filled = (sentence, words) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
  const copyOf = (selector) =>
    document.querySelector(selector).content.firstElementChild.cloneNode(true);

  const loaded = ({ attributes }) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = attributes.src.value;
      script.onload = resolve;
      script.onerror = () => reject(new Error(script.src));
      document.head.append(script);
    });
  // What `text` may be the address of; a server's own host does not tell of which service it is.
  const profilesOf = async (text) => {
    const seen = text.normalize("NFKC");
    if (!ADDRESS_SIGNS.test(seen)) return [];
    const readers = document.querySelector("template[data-readers]").content;
    for (const reader of readers.querySelectorAll("script")) await loaded(reader);
    const { read, Unreadable, SERVICES } = checkProfiles;
    const found = [];
    for (const service of seen.includes("/") ? ["", ...SERVICES.keys()] : [""]) {
      try {
        found.push(read(text, service));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    }
    return found;
  };
  const isOf = (account, profile) =>
    account.identity === profile.identity ||
    (profile.permanentId !== "" &&
      account.service === profile.service &&
      account.permanent_id === profile.permanentId);

  // At most as much as the portal itself looks for, and whether that is less than was asked.
  const cut = (asked) => {
    const [longest, most] = [Number(told.dataset.longest), Number(told.dataset.words)];
    const whole = asked.replaceAll("\0", " ").split(/\s+/).filter(Boolean);
    const text = whole.join(" ");
    if (whole.length <= most && [...text].length <= longest) return [text, false];
    const kept = [...text].slice(0, longest).join("").split(/\s+/).filter(Boolean);
    return [kept.slice(0, most).join(" "), true];
  };

  const shownCard = ({ card, former }) => {
    const made = copyOf("template[data-card]").querySelector("li");
    const put = (selector, text) => {
      const part = made.querySelector(selector);
      if (text) part.textContent = text;
      else part.remove();
      return part;
    };
    made.classList.toggle("card--gone", card.gone);
    put(".card__service", card.service);
    put(".tag", card.status).className = `tag tag--${card.tag}`;
    put(".card__title a", card.title).href = card.url;
    put(".card__handle", card.handle);
    // Below the official ones the list says no more of former ones than that they are.
    put(".card__lead", former && !isFormer ? "" : card.lead);
    put(".card__meta", [card.department, card.category].filter(Boolean).join(" / "));
    const out = made.querySelector(".card__out");
    if (card.link) {
      out.href = card.link;
      out.firstChild.data = out.firstChild.data.replace(/\S+(?=で開く)/, () => card.service);
      out.querySelector(".visually-hidden").textContent = `(${card.title}、外部サイト)`;
    } else {
      out.remove();
    }
    return made;
  };

  const shownSection = (name, found, most) => {
    const made = copyOf(`template[data-section="${name}"]`);
    made.querySelector("[data-count]").textContent = `${found.length.toLocaleString("ja-JP")}件`;
    made.querySelector(".cards").append(...found.slice(0, most).map(shownCard));
    made.querySelector(found.length ? ".empty" : ".cards").remove();
    if (found.length <= most) made.querySelector("[data-more]").remove();
    return made;
  };

  const search = async () => {
    const ignored = [];
    const wanted = {};
    for (const kind of KINDS) {
      const value = asked.get(kind);
      if (!value) continue;
      const field = form.elements[kind];
      field.value = value;
      if (field.value === value) {
        wanted[kind] = value;
      } else {
        field.value = "";
        const label = field.labels[0].textContent.trim();
        ignored.push(filled(told.dataset.ignored, { label, value: value.slice(0, 30) }));
      }
    }
    const [text, isCut] = cut(asked.get("q") || "");
    if (isCut) ignored.push(filled(told.dataset.cut, { q: text }));
    form.elements.q.value = text;
    const words = wordsOf(text);
    told.hidden = false;
    told.textContent = told.dataset.reading;

    const response = await fetch(told.dataset.index, { credentials: "omit" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const most = Number(told.dataset.most);
    const profiles = await profilesOf(text);
    const { accounts } = await response.json();
    const narrowed = accounts.filter((each) =>
      Object.entries(wanted).every(([kind, value]) => each[kind] === value),
    );
    const same = narrowed.filter((each) => profiles.some((profile) => isOf(each, profile)));
    const found = same.length
      ? same
      : narrowed.filter((each) => words.every((word) => each.text.includes(word)));
    const former = found.filter((each) => each.former);
    const official = found.filter((each) => !each.former);
    const sections = isFormer ? [] : [shownSection("official", official, most)];
    if (isFormer || former.length) sections.push(shownSection("former", former, most));
    const [first, ...others] = document.querySelectorAll("[data-whole]");
    first.replaceWith(...sections);
    for (const other of others) other.remove();
    const count = (isFormer ? former : found).length.toLocaleString("ja-JP");
    told.textContent = [...ignored, filled(told.dataset.done, { count })].join("");
  };

  if (["q", "status", ...KINDS].some((name) => asked.get(name))) {
    search().catch(() => {
      told.hidden = true;
      told.after(copyOf("template[data-failed]"));
    });
  }
})();
