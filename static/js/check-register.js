// The city's index made ready to be asked, and small things that a verdict is made of:
// publication/checking/register.py and findings.py in the reader's own browser.
"use strict";
const checkRegister = (() => {
  const RULES = CHECK_RULES;
  const likeness = checkLikeness;
  const { SERVICES, displayHandle, unescaped } = checkProfiles;

  const shown = (text) => {
    const oneLine = text.split(/[\s\x1c-\x1f]+/u).filter(Boolean).join(" ");
    const signs = [...oneLine];
    return signs.length <= RULES.shownText
      ? oneLine
      : `${signs.slice(0, RULES.shownText).join("")}…`;
  };
  const nameIn = (handle) => {
    const last = handle.slice(handle.lastIndexOf("/") + 1).replace(/^@/, "").split("@", 1)[0];
    return RULES.added.reduce((name, end) => (name.endsWith(end) ? name.slice(0, -end.length) : name), last);
  };
  const serviceName = (key, language) =>
    (language && RULES.english[key]) || SERVICES.get(key).name;
  const shownHandle = (account) =>
    account.handle ? displayHandle(account.service, account.handle) : "";
  const titleOf = (account) => account.name || shownHandle(account) || account.url;

  // The index, ready to be asked; throws for a document of another format.
  const registerOf = (document) => {
    if (document.format !== RULES.format) throw new Error(`format ${document.format}`);
    const register = {
      document,
      city: likeness.cityOf(document.city),
      cityName: document.city.name,
      sites: [...document.city.sites].sort(),
      accounts: new Map(document.accounts.map((account) => [account.id, account])),
      fakes: document.fakes,
      byIdentity: new Map(),
      byPermanentId: new Map(),
      byName: new Map(),
      handles: [],
      names: [],
    };
    for (const account of document.accounts) {
      register.byIdentity.set(account.identity, account);
      if (account.permanent_id) {
        register.byPermanentId.set(`${account.service} ${account.permanent_id}`, account);
      }
      const key = likeness.plain(account.name);
      if (key) register.byName.set(key, [...(register.byName.get(key) || []), account]);
      const handle = nameIn(account.handle);
      if (handle) register.handles.push({ number: account.id, forms: likeness.formsOf(handle) });
      const core = likeness.nameCore(account.name, register.city);
      if (core) register.names.push({ number: account.id, core });
    }
    const used = new Set([...document.accounts, ...document.fakes].map((each) => each.service));
    register.services = [...SERVICES.keys()].filter((key) => used.has(key));
    return register;
  };

  const said = (code, words = {}) => ({ code, ...words });
  const finding = (text, verdict, sentences, accounts = [], fakes = []) => ({
    text: shown(text), verdict, said: sentences, accounts, fakes,
  });

  const kindOf = (text) => {
    if ([...text].length !== 1) return "";
    if (/^[0-9]$/.test(text)) return "digit";
    if (/^[\x00-\x7f]$/.test(text)) return /^[A-Za-z]$/.test(text) ? "letter" : "";
    const found = RULES.scripts.find(([, first, last]) => first <= text && text <= last);
    return found ? found[0] : "";
  };
  const apart = (theirs, ours) => {
    const [mine, known] = [theirs, ours].map((each) =>
      likeness.tidy(each).toLowerCase().replace(/^@/, ""),
    );
    return likeness.differences(mine, known).map((each) => {
      if (!each.ours) return said("letters_more", each);
      if (!each.theirs) return said("letters_less", each);
      const kinds = { their_kind: kindOf(each.theirs), our_kind: kindOf(each.ours) };
      return said("letters_other", { ...each, ...kinds });
    });
  };

  const decodedHost = (host) => host.split(".").map(decodedLabel).join(".");
  const decodedLabel = (label) => {
    if (!label.startsWith("xn--")) return label;
    const decoded = punycode(label);
    try {
      // What no browser would write as this label is nobody's name.
      return new URL(`https://${decoded}/`).hostname === label ? decoded : label;
    } catch {
      return label;
    }
  };
  // RFC 3492, read only: the letters behind an `xn--` label; the label itself where it is broken.
  const punycode = (label) => {
    const [base, tMin, tMax, skew, damp] = [36, 1, 26, 38, 700];
    const at = label.lastIndexOf("-");
    const signs = [...label.slice(4, Math.max(at, 4))];
    let [n, i, bias] = [128, 0, 72];
    let rest = label.slice(Math.max(at + 1, 4));
    while (rest) {
      const old = i;
      for (let [weight, k] = [1, base]; ; k += base) {
        const digit = "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(rest[0] || "-");
        if (digit < 0) return label;
        rest = rest.slice(1);
        i += digit * weight;
        const limit = Math.min(Math.max(k - bias, tMin), tMax);
        if (digit < limit) break;
        weight *= base - limit;
      }
      const length = signs.length + 1;
      let delta = Math.floor((i - old) / (old ? 2 : damp));
      delta += Math.floor(delta / length);
      let k = 0;
      for (; delta > Math.floor(((base - tMin) * tMax) / 2); k += base) {
        delta = Math.floor(delta / (base - tMin));
      }
      bias = k + Math.floor(((base - tMin + 1) * delta) / (delta + skew));
      n += Math.floor(i / length);
      i %= length;
      if (n > 0x10ffff) return label;
      signs.splice(i, 0, String.fromCodePoint(n));
      i += 1;
    }
    return signs.join("");
  };
  const partsOf = (url) => {
    const rest = url.slice(url.indexOf("//") + 2).split("?", 1)[0];
    const at = rest.indexOf("/");
    const [host, path] = at < 0 ? [rest, ""] : [rest.slice(0, at), rest.slice(at + 1)];
    const [shortest, most] = RULES.parts;
    const segments = path
      .split("/")
      .map((part) => likeness.tidy(unescaped(part)).replace(/^@/, ""));
    const labels = decodedHost(host.split(":", 1)[0]).split(".");
    return [segments, labels].map((parts) =>
      parts.filter((part) => [...part].length >= shortest).slice(0, most),
    );
  };
  const calledOf = (profile) => profile.displayHandle || profile.url;

  return {
    apart, calledOf, decodedHost, finding, nameIn, partsOf, registerOf, said, serviceName, shown,
    shownHandle, titleOf,
  };
})();
