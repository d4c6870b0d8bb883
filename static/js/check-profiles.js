// Which account an address or a handle means: accounts/profiles.py in the reader's own browser, by the
// same tables (check-rules.js). Tests compare the two on every profile the project knows.
"use strict";
const checkProfiles = (() => {
  const RULES = CHECK_RULES;
  const TEXT_LIMIT = 2000;
  const whole = (pattern) => new RegExp(`^(?:${pattern})$`, "u");
  const SERVICES = new Map(RULES.services.map((service) => [service.key, service]));
  const HOSTS = new Map();
  for (const service of RULES.services) {
    for (const host of service.hosts) HOSTS.set(host, service);
  }
  const KINDS = new Map();
  for (const [key, rules] of Object.entries(RULES.profiles)) {
    const kinds = rules.kinds.map((kind) => ({
      ...kind,
      pattern: whole(kind.pattern.replaceAll("{word}", RULES.word)),
      afterHost: kind.reads.includes("{}"),
    }));
    KINDS.set(key, { ...rules, kinds });
  }
  const SAME_SITE = whole(RULES.sameSite);
  const TRACKING = whole(RULES.tracking);
  const CHANNEL = whole(RULES.channel);
  const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):(?![0-9]{1,5}(?:[/?#]|$))/;
  const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?![0-9]+$)[a-z0-9-]{2,63}$/;
  const UNFIT = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/u;
  const UNRESERVED = /[A-Za-z0-9._~-]/;

  // Why no account could be read; `name` and `profile` as in UnreadableProfile.
  class Unreadable extends Error {
    constructor(why = "", more = {}) {
      super(why);
      this.why = why || "unreadable";
      this.profile = more.profile || null;
      this.name = more.name || "";
    }
  }

  const narrow = (text) =>
    text
      .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .replaceAll("\u3000", " ");
  const stripped = (text, signs) => {
    let [start, end] = [0, text.length];
    while (start < end && signs.includes(text[start])) start += 1;
    while (end > start && signs.includes(text[end - 1])) end -= 1;
    return text.slice(start, end);
  };

  const clean = (text) => {
    const trimmed = text.trim();
    if ([...trimmed].length > TEXT_LIMIT) throw new Unreadable();
    const cleaned = stripped(narrow(trimmed.replace(/\p{Cf}/gu, "")).trim(), " \t\r\n<>「」『』、。");
    if (!cleaned || UNFIT.test(cleaned) || /\s/u.test(cleaned)) throw new Unreadable();
    return cleaned;
  };

  const asHost = (text) => {
    let host = text.normalize("NFKC").replaceAll("。", ".").toLowerCase().replace(/\.$/, "");
    host = host.replaceAll("ß", "ss").replaceAll("ς", "σ");
    if (/[^\x00-\x7f]/.test(host) && host.length <= 253) {
      try {
        host = new URL(`https://${host.replace(/[^\p{L}\p{M}\p{N}._-]/gu, "\u0000")}/`).hostname;
      } catch {
        host = "";
      }
    }
    if (host.length > 253 || !HOST.test(host)) throw new Unreadable();
    return host;
  };

  const parted = (text, sign) => {
    const at = text.indexOf(sign);
    return at < 0 ? [text, "", ""] : [text.slice(0, at), sign, text.slice(at + sign.length)];
  };

  const parseAddress = (given) => {
    let [text, scheme] = [given, "https"];
    const found = SCHEME.exec(text);
    if (found) {
      scheme = found[1].toLowerCase();
      if (scheme !== "http" && scheme !== "https") throw new Unreadable();
      text = text.slice(found[0].length);
    }
    let fragment, query;
    [text, , fragment] = parted(text, "#");
    [text, , query] = parted(text, "?");
    const [site, slash, path] = parted(text.replace(/^\/+/, ""), "/");
    if (text.includes("\\")) throw new Unreadable();
    if (site.includes("@")) throw new Unreadable("user");
    const [name, , given_port] = parted(site, ":");
    const host = asHost(name);
    if (given_port && !(/^[0-9]+$/.test(given_port) && inPorts(given_port))) throw new Unreadable();
    let port = given_port.replace(/^0+/, "");
    if (port === { http: "80", https: "443" }[scheme]) port = "";
    return { scheme, host, port, path: slash + path, query, fragment };
  };
  const inPorts = (digits) => {
    const port = Number(digits.slice(0, 6));
    return port > 0 && port < 65536;
  };

  const unescaped = (text) => {
    if (!text.includes("%")) return text;
    return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        Uint8Array.from(run.slice(1).split("%"), (code) => parseInt(code, 16)),
      ),
    );
  };
  const decoded = (segment) =>
    narrow(unescaped(segment)).normalize("NFKC").replace(/\p{Cf}/gu, "").trim();

  const quoted = (text, safe) =>
    [...text]
      .map((sign) => {
        if (UNRESERVED.test(sign) || safe.includes(sign)) return sign;
        return [...new TextEncoder().encode(sign)]
          .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
          .join("");
      })
      .join("");
  const escaped = (text, safe) => {
    const complete = text.replace(/%(?![0-9A-Fa-f]{2})/g, "%25");
    const one = complete.replace(/%([0-9A-Fa-f]{2})/g, (run, code) => {
      const sign = String.fromCharCode(parseInt(code, 16));
      return UNRESERVED.test(sign) ? sign : run.toUpperCase();
    });
    return quoted(one, `%!$'()*+,;=:@${safe}`);
  };

  const withoutDots = (parts) => {
    const kept = [];
    parts.forEach((part, at) => {
      if (part === ".." && kept.length > 1) kept.pop();
      if (part !== "." && part !== "..") kept.push(part);
      else if (at === parts.length - 1) kept.push("");
    });
    return kept;
  };

  const foldCase = (name) =>
    name.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ").normalize("NFKC");
  const FOLDS = {
    keep: (name) => name,
    case: foldCase,
    dots: (name) => foldCase(name).replaceAll(".", ""),
  };
  const written = (form, name) => form.replace("{}", () => name);

  const matched = (kind, segments) => {
    for (const form of kind.reads) {
      const literals = form.split("/");
      const last = literals.pop();
      const at = literals.length;
      if (segments.length <= at) continue;
      if (literals.some((literal, n) => segments[n].toLowerCase() !== literal)) continue;
      if (segments[at].startsWith("@") === (last === "@{}")) {
        return [segments[at].replace(/^@/, ""), segments.slice(at + 1)];
      }
    }
    return null;
  };

  const ownerOf = (host) => {
    const labels = host.split(".");
    for (let at = 0; at < labels.length; at += 1) {
      const base = labels.slice(at).join(".");
      const service = HOSTS.get(base);
      if (service && (at === 0 || service.key !== "mastodon")) {
        return [service, base, labels.slice(0, at).join(".")];
      }
    }
    return null;
  };

  const displayHandle = (service, handle) => {
    const entry = SERVICES.get(service);
    const isId = handle.startsWith("did:") || (service === "youtube" && CHANNEL.test(handle));
    if (!handle || handle.includes("/") || handle.startsWith("@") || isId) return handle;
    return (entry ? entry.prefix : "") + handle;
  };

  const profileOf = (service, kind, name) => {
    if (service.key === "mastodon") {
      const owner = ownerOf(parted(name, "@")[2].toLowerCase());
      if (owner && owner[0] !== service) throw new Unreadable();
    }
    let handle = written(kind.handle, name);
    if (service.key === "youtube" && !kind.permanent && CHANNEL.test(handle)) handle = `@${handle}`;
    const [user, , server] = parted(name, "@");
    const url = kind.url.includes("{host}")
      ? kind.url.replace("{host}", () => server).replace("{user}", () => user)
      : written(kind.url, quoted(name, "@:"));
    return {
      service: service.key,
      handle,
      url,
      identity: `${service.key}:${written(kind.handle, FOLDS[kind.fold](name))}`,
      permanentId: kind.permanent ? name : "",
      displayHandle: displayHandle(service.key, handle),
    };
  };

  const match = (service, segments) => {
    const rules = KINDS.get(service.key);
    let refused = null;
    for (const kind of rules.kinds) {
      const found = matched(kind, segments);
      if (!found) continue;
      const [name, rest] = found;
      if (kind.afterHost && rules.own.includes(name.toLowerCase())) continue;
      if (!kind.pattern.test(name)) {
        refused ??= name;
        continue;
      }
      const profile = profileOf(service, kind, name);
      const tab = rest.join("/").toLowerCase();
      if (
        rest.length &&
        !rules.tabs.includes(tab) &&
        !rules.deepTabs.includes(rest[0].toLowerCase())
      ) {
        throw new Unreadable("post", { profile });
      }
      return profile;
    }
    throw refused === null ? new Unreadable("page") : new Unreadable("name", { name: refused });
  };

  const readAnyUrl = (address, service) => {
    const path = escaped(withoutDots(address.path.split("/")).join("/"), "/");
    const query = escaped(address.query, "/?&")
      .split("&")
      .filter((piece) => piece && !TRACKING.test(parted(piece, "=")[0].toLowerCase()))
      .sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
      .join("&");
    if (/%(?:[01][0-9A-F]|7F)/.test(path + query)) throw new Unreadable();
    const port = address.port ? `:${address.port}` : "";
    const tail = query ? `?${query}` : "";
    const shown = path.replaceAll("/", "") ? path : "";
    const url = `${address.scheme}://${address.host}${port}${shown}${tail}`;
    if (url.length > RULES.urlLimit) throw new Unreadable();
    let host = address.host;
    for (const prefix of ["www.", "m."]) {
      const rest = host.startsWith(prefix) ? host.slice(prefix.length) : host;
      if (rest.includes(".")) host = rest;
    }
    return {
      service: service.key,
      handle: "",
      url,
      identity: `${service.key}:${host}${port}${path.replace(/\/+$/, "")}${tail}`,
      permanentId: "",
      displayHandle: "",
      bare: !shown && !tail,
    };
  };

  const isSameSite = (sub) => sub.split(".").every((label) => SAME_SITE.test(label));

  const readAddress = (address, chosen) => {
    if (RULES.shorteners.includes(address.host)) throw new Unreadable("short");
    let owner = ownerOf(address.host);
    if (owner && chosen && owner[0] !== chosen) throw new Unreadable();
    const service = owner ? owner[0] : chosen || SERVICES.get("other");
    if (service.anyUrl && (owner || !service.retired)) {
      const profile = readAnyUrl(address, service);
      if (owner && profile.bare && !(owner[2] && !isSameSite(owner[2]))) {
        throw new Unreadable("page");
      }
      return profile;
    }
    if (service.key === "mastodon" && !owner) owner = [service, address.host, ""];
    if (!owner || address.port) throw new Unreadable();
    return readPage(address, ...owner);
  };

  const readPage = (address, service, base, sub) => {
    let accountSub = "";
    if (RULES.subdomains.includes(base)) {
      accountSub = sub === "www" || sub === "m" ? "" : sub.replace(/^www\./, "");
    } else if (sub && !isSameSite(sub)) {
      throw new Unreadable("page");
    }
    let { path, query } = address;
    if (address.fragment.startsWith("!/") && !path.replaceAll("/", "")) {
      [path, , query] = parted(address.fragment.slice(1), "?");
    }
    const place = {
      host: base,
      sub: accountSub,
      segments: path.split("/").filter(Boolean).map(decoded),
      query: {},
    };
    for (const piece of query.split("&")) {
      const [key, , value] = parted(piece, "=");
      place.query[key] = decoded(value);
    }
    const rewritten = checkForms.rewrite(service.key, place);
    if (!rewritten || !rewritten.length) throw new Unreadable("page");
    return match(service, rewritten);
  };

  const readHandle = (text, named) => {
    let chosen = named;
    if (!chosen && /^@[^@/]+@[^@/]+$/.test(text)) chosen = SERVICES.get("mastodon");
    if (!chosen || chosen.anyUrl) throw new Unreadable();
    const rules = KINDS.get(chosen.key);
    const segments = parted(text, "?")[0].split("/").filter(Boolean).map(decoded);
    if (segments.length > 1) {
      const place = { host: "", sub: "", segments, query: {} };
      const rewritten = checkForms.rewrite(chosen.key, place);
      return match(chosen, rewritten && rewritten.length ? rewritten : segments);
    }
    const given = segments.join("").replace(/^@/, "");
    if (!given) throw new Unreadable();
    const name = checkForms.complete(chosen.key, given);
    let kinds = rules.kinds.filter((kind) => kind.handle === "{}");
    if (!kinds.length) throw new Unreadable();
    if (text.startsWith("@")) {
      const marked = kinds.filter((kind) => kind.reads.some((form) => form.includes("@{}")));
      if (marked.length) kinds = marked;
    }
    for (const kind of kinds) {
      if (kind.pattern.test(name)) {
        if (kind.afterHost && rules.own.includes(name.toLowerCase())) throw new Unreadable();
        return profileOf(chosen, kind, name);
      }
    }
    throw new Unreadable("name", { name });
  };

  const isHandle = (text, chosen) => {
    const [first, , rest] = parted(text.split(/[?#]/, 1)[0], "/");
    if (first.startsWith("@")) return true;
    if (!chosen || chosen.anyUrl) return !first.includes(".");
    if (first.includes("@")) return true;
    if (!first.includes(".") || first.toLowerCase().startsWith("did:")) return true;
    const host = parted(first, ":")[0].toLowerCase();
    return !rest && !ownerOf(host) && !RULES.shorteners.includes(host);
  };

  // The profile that `text` means, with the service's key or without; throws Unreadable.
  const read = (text, service = "") => {
    const chosen = service ? SERVICES.get(service) : null;
    const cleaned = clean(text);
    const found = SCHEME.exec(cleaned);
    const isDid = found && found[1].toLowerCase() === "did" && chosen && chosen.key === "bluesky";
    const marked = !found && !cleaned.startsWith("//") && isHandle(cleaned, chosen);
    if (isDid || marked) return readHandle(cleaned, chosen);
    return readAddress(parseAddress(cleaned), chosen);
  };

  return { read, Unreadable, SERVICES, displayHandle, unescaped };
})();
