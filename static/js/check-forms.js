// Older and abbreviated forms of an account's address brought to the present one, service by service:
// accounts/profile_forms.py in the reader's own browser. Loaded before check-profiles.js.
"use strict";
const checkForms = (() => {
  const isNumber = (text) => /^\p{N}+$/u.test(text);
  const unmarked = (name) => name.replace(/^@/, "");

  const facebookName = (name) => {
    const found = /^.*-([0-9]{9,20})$/.exec(name);
    return found ? found[1] : name;
  };
  const facebook = (place) => {
    const [first, second, third] = place.segments.slice(0, 3).map((part) => part.toLowerCase());
    let segments = place.segments;
    if (first === "profile.php") return place.query.id ? [place.query.id] : null;
    if ((first === "pg" || first === "p") && segments.length > 1) segments = segments.slice(1);
    else if (first === "pages" && second === "category" && third !== undefined) {
      segments = segments.slice(3);
    } else if (["pages", "people"].includes(first) && third !== undefined && isNumber(third)) {
      segments = segments.slice(2);
    }
    return segments.length ? [facebookName(segments[0]), ...segments.slice(1)] : [];
  };

  const youtube = (place) => {
    const { segments, query } = place;
    const isOld = segments.length === 1 && segments[0].toLowerCase() === "profile";
    return isOld && query.user ? ["user", query.user] : segments;
  };

  const line = (place) => {
    if (place.host === "lin.ee") return ["lin.ee", ...place.segments];
    if (place.host === "page.line.me" || place.host === "accountpage.line.me") {
      const name = place.segments.length ? place.segments[0] : place.query.accountId || "";
      return name ? [`@${unmarked(name)}`] : [];
    }
    let segments = place.segments;
    if (segments.length && segments[0].toLowerCase() === "r") segments = segments.slice(1);
    const [first, second, third] = segments.map((part) => part.toLowerCase());
    if (first === "ti" && second === "p" && third !== undefined) segments = segments.slice(2);
    else if (first === "oamessage" && second !== undefined) segments = segments.slice(1, 2);
    else if (first === "home" && second === "public" && place.query.id) {
      segments = [`@${unmarked(place.query.id)}`];
    }
    return !segments.length || segments[0].startsWith("@") ? segments : null;
  };

  const bluesky = (place) => {
    if (place.host !== "bsky.social") return place.segments;
    return place.sub ? ["profile", `${place.sub}.bsky.social`, ...place.segments] : null;
  };
  const blueskyName = (name) =>
    name.includes(".") || name.toLowerCase().startsWith("did:") ? name : `${name}.bsky.social`;

  const halves = (name) => {
    const at = name.indexOf("@");
    return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
  };
  const mastodon = (place) => {
    let segments = place.segments;
    if (segments.length && segments[0].toLowerCase() === "web") segments = segments.slice(1);
    if (segments.length > 1 && segments[0].toLowerCase() === "users") {
      segments = [`@${segments[1]}`, ...segments.slice(2)];
    }
    if (!segments.length) return [];
    if (!segments[0].startsWith("@")) return null;
    const [user, home] = halves(segments[0].slice(1));
    return [`${user}@${(home || place.host).toLowerCase()}`, ...segments.slice(1)];
  };
  const mastodonName = (name) => {
    const [user, host] = halves(name);
    return `${user}@${host.toLowerCase()}`;
  };

  const note = (place) => {
    if (place.host !== "note.jp") return place.segments;
    return place.sub ? [`${place.sub}.note.jp`, ...place.segments] : null;
  };

  const linkedin = (place) => {
    const { segments, query } = place;
    const [first, second] = segments.map((part) => part.toLowerCase());
    const isGroup =
      (segments.length === 2 && first === "grp" && second === "home") ||
      (segments.length === 1 && first === "groups");
    if (isGroup && query.gid) return ["groups", query.gid];
    if (first === "company-beta" && segments.length > 1) return ["company", ...segments.slice(1)];
    if (first === "showcase" && second !== undefined && isNumber(second)) {
      return ["company", ...segments.slice(1)];
    }
    if (first === "pub" && segments.length === 5) {
      const [, , one, two, three] = segments.map((part) => part.toLowerCase());
      return ["in", `${segments[1]}-${three.padStart(3, "0")}${two.padStart(3, "0")}${one}`];
    }
    return segments;
  };

  const flickr = (place) => {
    const [first, , third] = place.segments;
    return first === "photos" && third && third.toLowerCase() === "tags" ? null : place.segments;
  };
  const vimeo = (place) =>
    place.segments.length && isNumber(place.segments[0]) ? null : place.segments;

  const tumblr = (place) => {
    const { segments } = place;
    if (place.sub) {
      const pages = ["post", "image", "tagged", "search", "day"];
      const single = segments.length && pages.includes(segments[0].toLowerCase());
      return single ? [place.sub, ...segments] : [place.sub];
    }
    const [first, second, third] = segments.map((part) => part.toLowerCase());
    if (first === "blog" && second === "view" && third !== undefined) return segments.slice(2);
    return first === "blog" && second !== undefined ? segments.slice(1) : segments;
  };
  const medium = (place) => (place.sub ? [`@${place.sub}`, ...place.segments] : place.segments);

  const REWRITE = {
    facebook, youtube, line, bluesky, mastodon, note, linkedin, flickr, vimeo, tumblr, medium,
  };
  const COMPLETE = { facebook: facebookName, bluesky: blueskyName, mastodon: mastodonName };

  return {
    // The path in a present form; null where no account can be in it.
    rewrite: (key, place) => (REWRITE[key] ? REWRITE[key](place) : place.segments),
    // A name that was given without an address.
    complete: (key, name) => (COMPLETE[key] ? COMPLETE[key](name) : name),
  };
})();
