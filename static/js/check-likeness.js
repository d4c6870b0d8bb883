// How like two names are to a reader: accounts/likeness/ in the reader's own browser, by the same tables.
// The city's accounts are few here, so each is looked at; the portal asks an index for the same answer.
"use strict";
const checkLikeness = (() => {
  const RULES = CHECK_RULES;
  const NEAR = RULES.near;
  const UNSEEN = new RegExp(RULES.unseen, "gu");
  const NO_TEXT = new RegExp(`(?!\\n)${RULES.noText}`, "gu");
  const LINE_END = new RegExp(RULES.lineEnd, "gu");
  const NO_LETTER = new RegExp(RULES.noLetter, "gu");
  const DOUBLED = /([\x00-\x7f])\1+/g;
  const HAN = /^\p{Script=Han}/u;
  const CITY = "⌂";
  const RANKS = ["same", "looksSame", "sameCore", "oneEdit", "beginsSo", "twoEdits"];

  const isAscii = (text) => /^[\x00-\x7f]*$/.test(text);
  const tidy = (text) =>
    text
      .replace(LINE_END, "\n")
      .replace(UNSEEN, "")
      .normalize("NFKC")
      .replace(UNSEEN, "")
      .replace(NO_TEXT, " ");
  const translated = (text, table) => [...text].map((sign) => table[sign] ?? sign).join("");
  const blanksOut = (text) => text.split(/[\s\x1c-\x1f]+/u).join("");
  const plain = (text) =>
    blanksOut(translated(tidy(text).toLowerCase().normalize("NFKC"), RULES.strokes));
  const letter = (sign) => {
    for (const each of [sign, sign.toLowerCase()]) {
      if (/[^\x00-\x7f]/.test(each) && RULES.letters[each]) return RULES.letters[each];
    }
    const base = [...sign.normalize("NFD")][0];
    return /^[A-Za-z]$/.test(base) ? base.toLowerCase() : sign.toLowerCase();
  };
  const letters = (text) =>
    isAscii(text) ? text.toLowerCase() : [...text].map(letter).join("");
  const replaced = (text, table) =>
    Object.entries(table).reduce((kept, [old, fresh]) => kept.replaceAll(old, fresh), text);
  const parts = (folded) => folded.replace(NO_LETTER, " ").split(" ").filter(Boolean);
  const bare = (folded) =>
    translated(replaced(folded, RULES.pairs), RULES.digits).replace(DOUBLED, "$1");
  const sounded = (folded) => bare(replaced(folded, RULES.sounds));
  const skeleton = (text) => bare(parts(letters(tidy(text))).join(""));
  const sounds = (text) => sounded(parts(letters(tidy(text))).join(""));

  const unglued = (text) => {
    for (const affix of RULES.glued) {
      const behind = text.endsWith(affix) ? text.slice(0, -affix.length) : text;
      const before = text.startsWith(affix) ? text.slice(affix.length) : text;
      for (const cut of [behind, before]) {
        if (cut !== text && [...cut].length >= RULES.shortestCore) return unglued(cut);
      }
    }
    return text;
  };
  const AFFIXES = new Set(RULES.affixes);
  const byCode = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  const formsOf = (handle) => {
    const all = parts(letters(tidy(handle)));
    const whole = all.join("");
    const named = all.filter((part) => !(AFFIXES.has(part) || /^\p{Nd}+$/u.test(part)));
    const kept = named.length ? named : all;
    const words = kept.map(bare);
    return {
      same: plain(handle).replace(/^@/, ""),
      skeleton: bare(whole),
      sounds: sounded(whole),
      stripped: unglued(bare(whole)),
      core: unglued(words.join("").replace(DOUBLED, "$1")),
      full: translated(replaced(kept.join(""), RULES.pairs), RULES.digits),
      sorted: [...words].sort(byCode).join(""),
    };
  };

  // Edits from one text to the other with swaps of neighbours as one (optimal string alignment).
  const edits = (one, other) => {
    const [theirs, ours] = [[...one], [...other]];
    let [older, old] = [[], Array.from({ length: ours.length + 1 }, (_, at) => at)];
    for (let at = 1; at <= theirs.length; at += 1) {
      const row = [at];
      for (let of = 1; of <= ours.length; of += 1) {
        const same = theirs[at - 1] === ours[of - 1];
        row[of] = Math.min(old[of] + 1, row[of - 1] + 1, old[of - 1] + (same ? 0 : 1));
        const isSwap = theirs[at - 1] === ours[of - 2] && theirs[at - 2] === ours[of - 1];
        if (at > 1 && of > 1 && isSwap) row[of] = Math.min(row[of], older[of - 2] + 1);
      }
      [older, old] = [old, row];
    }
    return old[ours.length];
  };
  const size = (text) => [...text].length;
  const within = (limit, theirs, ours, shortest) => {
    const [one, other] = [size(theirs), size(ours)];
    if (Math.min(one, other) < shortest || Math.abs(one - other) > limit) return false;
    return edits(theirs, ours) <= limit;
  };
  const begins = (theirs, ours, shortest) => {
    const length = size(ours);
    const isBeginning = length >= shortest && length <= NEAR.longestBeginning;
    return isBeginning && theirs !== ours && theirs.startsWith(ours);
  };

  // The rank of a handle beside a known one, or -1.
  const nearness = (theirs, ours) => {
    if (!theirs.skeleton || !ours.skeleton) return -1;
    if (theirs.same === ours.same) return 0;
    if (theirs.skeleton === ours.skeleton) return 1;
    if (["sounds", "stripped", "core", "sorted"].some((form) => theirs[form] === ours[form])) {
      return 2;
    }
    const one = NEAR.oneEditFrom;
    if (within(1, theirs.core, ours.core, one) || within(1, theirs.full, ours.full, one)) return 3;
    if (begins(theirs.core, ours.core, NEAR.beginningFrom)) return 4;
    const length = ours.core.length;
    const isLong = length >= NEAR.twoEditsFrom && length <= NEAR.twoEditsTo;
    const two = isLong && isAscii(ours.core) && isAscii(theirs.core);
    return two && within(2, theirs.core, ours.core, one) ? 5 : -1;
  };
  const nameNearness = (theirs, ours) => {
    if (!theirs || !ours) return -1;
    if (theirs === ours) return 2;
    if (within(1, theirs, ours, NEAR.oneSignFrom)) return 3;
    return begins(theirs, ours, NEAR.nameBeginningFrom) ? 4 : -1;
  };

  const nameFolded = (text) =>
    translated(
      parts(letters(translated(plain(text), RULES.japanese)))
        .join("")
        .replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60)),
      RULES.smallKana,
    );

  // The city's name as the tables of the index spell it, ready to be looked for.
  const cityOf = (city) => ({
    spellings: [...city.kanji, ...city.kana, ...city.latin].map(nameFolded),
    prefecture: nameFolded(city.prefecture),
    latin: city.latin.map((name) => ({ mark: skeleton(name), sounds: sounds(name) })),
  });
  const isTheCity = (folded, at, spelling, city) => {
    const before = folded.slice(0, at);
    const last = [...before].pop() || "";
    if (!HAN.test(spelling) || !HAN.test(last)) return true;
    const ends = [city.prefecture, `${city.prefecture}県`, "県"];
    return Boolean(city.prefecture) && ends.some((end) => before.endsWith(end));
  };
  const withoutShi = (rest, spelling) => {
    if (rest.startsWith("市")) return rest.slice(1);
    if (isAscii(spelling)) {
      const word = ["city", "shi"].find((each) => rest.startsWith(each)) || "";
      return rest.slice(word.length);
    }
    return !HAN.test(spelling) && rest === "し" ? "" : rest;
  };
  const withCity = (given, city) => {
    let folded = given;
    for (const spelling of city.spellings) {
      let at = folded.indexOf(spelling);
      while (at >= 0) {
        let after = at + spelling.length;
        if (isTheCity(folded, at, spelling, city)) {
          folded = `${folded.slice(0, at)}${CITY}${withoutShi(folded.slice(after), spelling)}`;
          after = at + 1;
        }
        at = folded.indexOf(spelling, after);
      }
    }
    return folded;
  };
  const nameCore = (text, city) => {
    const named = RULES.nameAffixes.reduce((kept, w) => kept.replaceAll(w, ""), nameFolded(text));
    return translated(withCity(named, city), RULES.digits).replace(DOUBLED, "$1");
  };

  const containsNearly = (text, mark) => {
    const column = Array.from({ length: mark.length + 1 }, (_, at) => at);
    for (const sign of text) {
      let before = column[0];
      column[0] = 0;
      for (let at = 1; at <= mark.length; at += 1) {
        const kept = before + (sign === mark[at - 1] ? 0 : 1);
        before = column[at];
        column[at] = Math.min(kept, column[at] + 1, column[at - 1] + 1);
      }
      if (column[mark.length] <= 1) return true;
    }
    return false;
  };
  const bearsTheCity = (handle, city) => {
    const [bones, heard] = [skeleton(handle), sounds(handle)];
    for (const name of city.latin) {
      if (bones.includes(name.mark) || heard.includes(name.sounds)) return true;
      if (name.mark.length >= RULES.longName && containsNearly(bones, name.mark)) return true;
    }
    return nameCore(handle, city).includes(CITY);
  };
  const bearsTheName = (text, city) =>
    nameCore(text, city).includes(CITY) || bearsTheCity(text, city);

  // The nearest among `known` ({number, forms or core}), by a judge of ranks: at most `shown`.
  const nearest = (known, rank) => {
    let [best, found] = [RANKS.length, []];
    for (const each of known) {
      const near = rank(each);
      if (near < 0 || near > best) continue;
      if (near < best) [best, found] = [near, []];
      found.push(each.number);
    }
    return { near: best, numbers: found.sort((a, b) => a - b).slice(0, NEAR.shown) };
  };

  const LONGEST = 60;
  const SHOWN = 3;
  // Which letters tell two texts apart, from left to right; nothing where it would tell nothing.
  const differences = (one, other) => {
    const [theirs, ours] = [[...one], [...other]];
    if (Math.max(theirs.length, ours.length) > LONGEST) return [];
    const costs = [Array.from({ length: ours.length + 1 }, (_, of) => of)];
    for (let at = 1; at <= theirs.length; at += 1) {
      const row = [at];
      for (let of = 1; of <= ours.length; of += 1) {
        const wrong = theirs[at - 1] === ours[of - 1] ? 0 : 1;
        row[of] = Math.min(costs[at - 1][of] + 1, row[of - 1] + 1, costs[at - 1][of - 1] + wrong);
      }
      costs.push(row);
    }
    let [at, of] = [theirs.length, ours.length];
    if (costs[at][of] > Math.floor(Math.max(at, of) / 2)) return [];
    const found = [];
    let [mine, known] = ["", ""];
    const close = () => {
      if (mine || known) found.unshift({ theirs: mine, ours: known });
      [mine, known] = ["", ""];
    };
    while (at || of) {
      const here = costs[at][of];
      const both = at && of ? costs[at - 1][of - 1] : -2;
      if (at && of && theirs[at - 1] === ours[of - 1] && here === both) {
        close();
        [at, of] = [at - 1, of - 1];
      } else if (here === both + 1) {
        [mine, known] = [theirs[at - 1] + mine, ours[of - 1] + known];
        [at, of] = [at - 1, of - 1];
      } else if (at && here === costs[at - 1][of] + 1) {
        mine = theirs[at - 1] + mine;
        at -= 1;
      } else {
        known = ours[of - 1] + known;
        of -= 1;
      }
    }
    close();
    return found.length <= SHOWN ? found : [];
  };

  return {
    tidy, plain, skeleton, formsOf, nameCore, nearness, nameNearness, nearest, edits, cityOf,
    bearsTheCity, bearsTheName, differences,
  };
})();
