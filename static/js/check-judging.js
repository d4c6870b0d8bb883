// The verdict on what was pasted, and what is said of it: publication/checking/judging.py in the reader's
// own browser. Nothing of what is asked leaves it.
"use strict";
const checkJudging = (() => {
  const RULES = CHECK_RULES;
  const likeness = checkLikeness;
  const reading = checkReading;
  const { SERVICES, displayHandle } = checkProfiles;
  const {
    apart, calledOf, decodedHost, finding, nameIn, partsOf, said, shown, shownHandle,
    titleOf,
  } = checkRegister;
  const WORST = new Map(RULES.verdicts.map((verdict, at) => [verdict, at]));

  class Judge {
    constructor(register) {
      this.register = register;
    }

    of(item) {
      if (item.kind === "address") return this.address(item);
      if (item.kind === "mail") return this.mail(item);
      if (item.kind === "name") return this.name(item.text, !item.passing);
      return item.kind === "handle" ? this.handle(item) : this.any(item);
    }

    account(profile) {
      const { byIdentity, byPermanentId } = this.register;
      const permanent = `${profile.service} ${profile.permanentId}`;
      const found = byIdentity.get(profile.identity);
      return found || (profile.permanentId && byPermanentId.get(permanent)) || null;
    }

    fake(profile) {
      const isIt = (each) =>
        each.identity === profile.identity ||
        (profile.permanentId &&
          each.service === profile.service &&
          each.permanent_id === profile.permanentId);
      return this.register.fakes.find(isIt) || null;
    }

    isKnown(profile) {
      return Boolean(this.account(profile) || this.fake(profile));
    }

    read(text, service = "") {
      try {
        return { profile: checkProfiles.read(text, service), why: "", name: "" };
      } catch (error) {
        if (!(error instanceof checkProfiles.Unreadable)) throw error;
        return { profile: error.profile, why: error.why, name: error.name };
      }
    }

    readAddress(text) {
      const read = this.read(text);
      if (read.profile && read.profile.service === "other" && !this.isKnown(read.profile)) {
        for (const key of this.register.services) {
          const other = this.read(text, key);
          if (other.profile && !other.why && this.isKnown(other.profile)) return other;
        }
      }
      return read;
    }

    address(item) {
      let [text, read] = [item.text, this.readAddress(item.text)];
      if (item.longer) {
        const longer = this.readAddress(item.longer);
        if (longer.profile && this.isKnown(longer.profile)) [text, read] = [item.longer, longer];
      }
      if (!read.profile) return this.unread(text, read);
      const found = this.profile(read.profile, text);
      if (!read.why) return found;
      if (found.verdict === "official") {
        return finding(text, "unknown", [said("post", { handle: calledOf(read.profile) })]);
      }
      return { ...found, said: [...found.said, said("post_of")] };
    }

    unread(text, read) {
      const host = reading.hostOf(text);
      if (read.why === "name") {
        const found = this.byLikeness(text, read.name, "", read.name);
        if (found.verdict !== "unknown") return found;
      }
      if (read.why === "user") {
        const start = text.indexOf("//");
        const before = start < 0 ? "" : text.slice(start + 2).split("@", 1)[0].toLowerCase();
        const site = [...this.register.sites, ...reading.SERVICE_HOSTS].find((each) =>
          before.includes(each),
        );
        if (site) {
          return finding(text, "similar", [said("site_before_at", { host: shown(host), site })]);
        }
      }
      if (read.why === "page" && reading.knownHost(text, [])) {
        return finding(text, "unknown", [said("page", { host: shown(host) })]);
      }
      return finding(text, "unknown", [said(read.why === "short" ? "short" : "unreadable")]);
    }

    profile(profile, text) {
      const fake = this.fake(profile);
      if (fake) return this.ofFake(text, fake);
      const account = this.account(profile);
      if (account) return this.ofAccount(text, account, "official_address");
      if (SERVICES.get(profile.service).anyUrl) return this.site(profile, text);
      if (profile.permanentId) {
        return finding(text, "unknown", [this.notListed(calledOf(profile))]);
      }
      return this.byLikeness(text, nameIn(profile.handle), profile.service, calledOf(profile));
    }

    site(profile, text) {
      const { sites, city } = this.register;
      const host = reading.hostOf(profile.url);
      if (sites.some((site) => reading.liesIn(host, site))) {
        return finding(text, "official", [said("official_site", { host })]);
      }
      const [path, labels] = partsOf(profile.url);
      const readable = decodedHost(host);
      let near = this.nearestPart(path);
      const like = reading.looksLike(readable, sites);
      if (like) {
        return finding(text, "similar", [said("similar_site", { host: readable, site: like })], near);
      }
      if (!near.length) near = this.nearestPart(labels);
      if (near.length) return finding(text, "similar", [said("similar_in_site", { host })], near);
      if ([readable, ...path].some((part) => likeness.bearsTheCity(part, city))) {
        return finding(text, "similar", [this.ofTheCity(host)]);
      }
      return finding(text, "unknown", [this.notListed(readable)]);
    }

    nearestPart(parts) {
      for (const part of parts) {
        const found = this.handlesNear(part, false);
        if (found.numbers.length) return found.numbers;
      }
      return [];
    }

    handlesNear(handle, widely = true) {
      const theirs = likeness.formsOf(handle);
      return likeness.nearest(this.register.handles, (each) => {
        const rank = likeness.nearness(theirs, each.forms);
        const isTheCity = this.register.city.latin.some((name) => name.mark === each.forms.core);
        return (rank === 5 && !widely) || (rank === 4 && isTheCity) ? -1 : rank;
      });
    }

    namesNear(name) {
      const core = likeness.nameCore(name, this.register.city);
      return likeness.nearest(this.register.names, (each) => likeness.nameNearness(core, each.core));
    }

    mail(item) {
      const { sites, city, cityName } = this.register;
      const read = this.read(`@${item.text}`);
      if (read.profile && !read.why && this.isKnown(read.profile)) {
        return this.profile(read.profile, item.text);
      }
      const host = item.text.slice(item.text.lastIndexOf("@") + 1).toLowerCase();
      if (!sites.some((site) => reading.liesIn(host, site))) {
        const like = reading.looksLike(host, sites);
        if (sites.includes(like) || likeness.bearsTheCity(host, city)) {
          const site = sites.includes(like) ? like : cityName;
          return finding(item.text, "similar", [said("similar_site", { host, site })]);
        }
      }
      return finding(item.text, "unknown", [said("mail")]);
    }

    handle(item) {
      const exact =
        (item.longer && this.exactHandle(item.longer, item)) || this.exactHandle(item.text, item);
      if (exact) return exact;
      const handle = item.text.replace(/^@/, "");
      if (item.passing && /^[A-Za-z]+$/.test(handle)) {
        return finding(item.text, "unknown", [this.notListed(item.text)]);
      }
      const here = SERVICES.has(item.service) ? item.service : "";
      const called = here ? displayHandle(here, handle) : item.text;
      return this.byLikeness(item.text, handle.split("@", 1)[0], here, called, !item.passing);
    }

    exactHandle(text, item) {
      let keys = item.service ? [item.service] : this.register.services;
      if (text.split("@").length > 2) keys = ["mastodon"];
      const accounts = [];
      for (const key of keys) {
        const { profile, why } = this.read(text, key);
        if (!profile || why) continue;
        const fake = this.fake(profile);
        if (fake) return this.ofFake(item.text, fake);
        const account = this.account(profile);
        if (account) accounts.push(account);
      }
      if (!accounts.length) return null;
      const former = accounts.filter((each) => each.status !== "official");
      if (former.length || accounts.length === 1) {
        const code = keys.length === 1 ? "official_address" : "official_handle";
        const first = this.ofAccount(item.text, (former.length ? former : accounts)[0], code);
        const all = [...first.accounts, ...accounts.map((each) => each.id)];
        return { ...first, accounts: [...new Set(all)] };
      }
      const services = accounts.map((each) => each.service).join(" ");
      const sentences = [said("official_handles", { services, handle: item.text })];
      if (accounts.some((each) => each.overdue)) sentences.push(said("overdue_some"));
      return finding(item.text, "official", sentences, accounts.map((each) => each.id));
    }

    exactName(text) {
      const key = likeness.plain(text);
      const accounts = [...(this.register.byName.get(key) || [])];
      const isOfficial = (each) => each.status === "official";
      const fakes = this.register.fakes.filter(
        (each) => each.name && likeness.plain(each.name) === key,
      );
      if (!accounts.length && !fakes.length) return null;
      const numbers = [...accounts]
        .sort((one, other) => Number(isOfficial(other)) - Number(isOfficial(one)))
        .map((each) => each.id);
      const words = { name: shown(text) };
      if (fakes.length) {
        const code = accounts.length ? "fake_name_too" : "fake_name";
        return finding(text, "fake", [said(code, words)], numbers, fakes);
      }
      if (accounts.some(isOfficial)) {
        const sentences = [said("official_name", words)];
        if (accounts.some((each) => isOfficial(each) && each.overdue)) {
          sentences.push(said(accounts.length > 1 ? "overdue_some" : "overdue"));
        }
        return finding(text, "official", sentences, numbers);
      }
      const first = this.ofAccount(text, accounts[0], "official_name");
      return { ...first, accounts: [...new Set([...first.accounts, ...numbers])] };
    }

    name(text, asksForCity = true) {
      const exact = this.exactName(text);
      if (exact) return exact;
      const near = this.namesNear(text);
      if (near.numbers.length) return this.similarName(text, near);
      if (asksForCity && likeness.bearsTheName(text, this.register.city)) {
        return finding(text, "similar", [this.ofTheCity(text)]);
      }
      return finding(text, "unknown", [this.notListed(text)]);
    }

    any(item) {
      const asHandle = { ...item, kind: "handle", longer: "", passing: false };
      const address = item.text.includes(".") ? this.address({ ...item, longer: "" }) : null;
      const exact = this.exactHandle(item.text, asHandle) || this.exactName(item.text);
      if (exact) return exact;
      if (address && address.verdict !== "unknown") return address;
      let found = this.handle(asHandle);
      if (found.verdict === "unknown") found = this.name(item.text);
      return found.verdict !== "unknown" || !address ? found : address;
    }

    ofAccount(text, account, code) {
      const words = {
        service: account.service, name: titleOf(account),
        handle: shownHandle(account), since: account.since || "",
      };
      if (account.status === "official") {
        const sentences = [said(code, words)];
        if (account.overdue) sentences.push(said("overdue"));
        return finding(text, "official", sentences, [account.id]);
      }
      const sentences = [said(account.doubted ? "doubted" : account.status, words)];
      const successor = this.register.accounts.get(account.successor);
      if (successor) {
        const next = { service: successor.service, name: titleOf(successor) };
        sentences.push(said("successor", next));
      }
      return finding(text, "former", sentences, [account.id, ...(successor ? [successor.id] : [])]);
    }

    ofFake(text, fake) {
      const near = this.handlesNear(nameIn(fake.handle));
      return finding(text, "fake", [said("fake", { since: fake.since })], near.numbers, [fake]);
    }

    notListed(called) {
      return said("unknown", { called: shown(called) });
    }

    ofTheCity(called) {
      return said("similar_city", { called: shown(called), city: this.register.cityName });
    }

    byLikeness(text, handle, here, called, widely = true) {
      const near = this.handlesNear(handle, widely);
      if (near.numbers.length) return this.similarHandle(text, handle, here, near);
      const byName = this.namesNear(handle);
      if (byName.numbers.length) return this.similarName(text, byName);
      if (likeness.bearsTheCity(handle, this.register.city)) {
        return finding(text, "similar", [this.ofTheCity(called)]);
      }
      return finding(text, "unknown", [this.notListed(called)]);
    }

    similarHandle(text, handle, here, near) {
      const accounts = near.numbers
        .map((number) => this.register.accounts.get(number))
        .sort((one, other) => Number(one.service !== here) - Number(other.service !== here));
      const known = accounts[0];
      const words = { service: known.service, handle: shownHandle(known) };
      let sentences = [said("similar", words), ...apart(handle, nameIn(known.handle))];
      if (near.near === 0 && here && here !== known.service) {
        sentences = [said("same_elsewhere", { ...words, here })];
      } else if (near.near === 0) {
        sentences = [said("same_otherwise", words)];
      }
      return finding(text, "similar", sentences, accounts.map((each) => each.id));
    }

    similarName(text, near) {
      const known = this.register.accounts.get(near.numbers[0]);
      const words = { service: known.service, name: titleOf(known) };
      const sentences = [said("similar_name", words), ...apart(text, known.name)];
      return finding(text, "similar", sentences, near.numbers);
    }
  }

  // What `text`, which is not blank, is, the worst first; throws checkReading.TooMuch.
  const judge = (text, register) => {
    const judging = new Judge(register);
    const kept = reading
      .read(text, register.sites)
      .map((item) => [item, judging.of(item)])
      .filter(([item, found]) => !item.passing || found.verdict !== "unknown");
    const isKnown = kept.some(([item, found]) => item.kind !== "name" && found.accounts.length);
    const findings = kept
      .filter(([item, found]) => item.kind !== "name" || found.accounts.length || !isKnown)
      .map(([, found]) => found);
    if (!findings.length) {
      findings.push(finding(likeness.tidy(text), "unknown", [said("nothing_read")]));
    }
    findings.sort((one, other) => WORST.get(other.verdict) - WORST.get(one.verdict));
    return { verdict: findings[0].verdict, findings };
  };

  return { judge };
})();
