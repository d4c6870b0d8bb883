// What somebody pastes, taken apart, and whose a host is: publication/checking/reading.py and hosts.py in
// the reader's own browser, by the same patterns.
"use strict";
const checkReading = (() => {
  const RULES = CHECK_RULES;
  const { tidy, skeleton, edits } = checkLikeness;
  const STICKY = {};
  const WHOLE = {};
  for (const [name, pattern] of Object.entries(RULES.patterns)) {
    STICKY[name] = new RegExp(pattern, "uy");
    WHOLE[name] = new RegExp(`^(?:${pattern})$`, "u");
  }
  const PIECES = new RegExp(RULES.patterns.piece, "gu");
  const END = new RegExp(RULES.patterns.end, "u");
  const BEFORE = new RegExp(RULES.before, "u");
  const FAR = 24;
  const SERVICE_HOSTS = RULES.services.flatMap((service) => service.hosts);
  const HOST_MARKS = new Map(SERVICE_HOSTS.map((host) => [host, skeleton(host)]));

  // More than is judged at once; `code` is a sentence's.
  class TooMuch extends Error {
    constructor(code) {
      super(code);
      this.code = code;
    }
  }

  const hostOf = (address) => {
    const at = address.indexOf("//");
    const rest = (at < 0 ? address : address.slice(at + 2)).split(/[/?#]/, 1)[0];
    return rest.slice(rest.lastIndexOf("@") + 1).split(":", 1)[0].toLowerCase();
  };
  const liesIn = (host, site) => host === site || host.endsWith(`.${site}`);
  const knownHost = (address, sites) => {
    const host = hostOf(address);
    return [...SERVICE_HOSTS, ...sites].some((each) => liesIn(host, each));
  };
  // `sites` in the order of the alphabet.
  const looksLike = (host, sites) => {
    const ours = new Map(sites.map((site) => [site, skeleton(site)]));
    const labels = host.split(".");
    for (const [each, mark] of new Map([...ours, ...HOST_MARKS])) {
      if (`.${host}.`.includes(`.${each}.`)) return each;
      const tail = skeleton(labels.slice(-each.split(".").length).join("."));
      if (mark === tail || (mark.length >= RULES.longHost && edits(mark, tail) <= 1)) return each;
    }
    const whole = skeleton(host);
    for (const [each, mark] of ours) if (whole.includes(mark)) return each;
    return "";
  };

  const matchAt = (name, line, at, end) => {
    STICKY[name].lastIndex = at;
    const found = STICKY[name].exec(line.slice(0, end));
    return found ? found[0] : null;
  };

  const serviceBefore = (before) => {
    const words = [...before].slice(-FAR).join("").toLowerCase().replace(BEFORE, "");
    for (const [alias, service] of RULES.aliases) {
      if (!words.endsWith(alias)) continue;
      const rest = words.slice(0, words.length - alias.length);
      if (!/[\p{L}\p{N}]$/u.test(rest) || /\p{Script=Hiragana}$/u.test(rest)) return service;
    }
    return "";
  };

  const item = (kind, text, more = {}) => ({
    kind, text, longer: "", service: "", passing: false, ...more,
  });

  const wordItem = (text, service, alone) => {
    if (alone) return item("any", text, { service });
    return WHOLE.handle.test(text) ? item("handle", text, { service, passing: true }) : null;
  };

  const itemAt = (line, at, end, sites, alone) => {
    for (const name of RULES.order) {
      const found = matchAt(name, line, at, end);
      if (found === null) continue;
      const text = found.replace(END, "");
      const next = at + found.length;
      const whole = alone && next === end;
      if (name === "host" && !(whole || knownHost(text, sites) || text.includes("/"))) continue;
      const service = serviceBefore(line.slice(0, at));
      if (name === "word") return [wordItem(text, service, whole), next];
      if (name === "host" && whole && WHOLE.handle.test(text)) {
        return [item("any", text, { service }), next];
      }
      const kind = RULES.kindOf[name] || "address";
      const longer = text === found && kind !== "mail" ? matchAt("rest", line, next, end) : null;
      return [item(kind, text, { service, longer: longer ? text + longer : "" }), next];
    }
    return [null, at + (line.codePointAt(at) > 0xffff ? 2 : 1)];
  };

  const unique = (items) => [
    ...new Map(items.map((each) => [JSON.stringify(Object.values(each)), each])).values(),
  ];

  const read = (given, sites) => {
    const seen = tidy(given).trim();
    if ([...given].length > RULES.longestText || [...seen].length > RULES.longestText) {
      throw new TooMuch("too_long");
    }
    const isAlone = WHOLE.piece.test(seen);
    const items = [];
    for (const line of seen.split("\n")) {
      for (const piece of line.matchAll(PIECES)) {
        let at = piece.index;
        const end = at + piece[0].length;
        while (at < end) {
          const [found, next] = itemAt(line, at, end, sites, isAlone && at === piece.index);
          if (found) items.push(found);
          at = next;
        }
      }
    }
    const kept = unique(items);
    const asked = kept.filter((each) => !each.passing);
    if (asked.length > RULES.mostItems) throw new TooMuch("too_many");
    if (asked.length) return kept;
    const lines = seen.split("\n").map((each) => each.trim()).filter(Boolean);
    const names = lines
      .slice(0, RULES.mostItems)
      .filter((each) => [...each].length <= RULES.longestName)
      .map((each) => item("name", each, { passing: lines.length > 1 }));
    return unique([...kept, ...names]);
  };

  return { read, TooMuch, hostOf, liesIn, knownHost, looksLike, SERVICE_HOSTS };
})();
