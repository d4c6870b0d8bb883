// The page of the check: with the city's index in the browser nothing that is typed leaves it. Until the
// index is there the page says that the form would send it; where it cannot be loaded or is too old, it
// answers that nothing can be confirmed.
"use strict";
(() => {
  const form = document.querySelector("form[data-check]");
  if (!form || !window.fetch) return;
  const field = form.elements.q;
  const place = document.querySelector("[data-answer]");
  const problem = form.querySelector("[data-error]");
  const secret = form.querySelector("[data-secret]");
  const language = form.dataset.language === "en" ? 1 : 0;
  const RULES = CHECK_RULES;
  const KINDS = {
    official: "success", former: "warning", fake: "danger", similar: "danger", unknown: "info",
    untold: "info", named: "info",
  };
  // A clock that is a little behind is no reason to refuse.
  const SLACK = 10 * 60 * 1000;

  const dayInWords = (day) => {
    const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/.exec(day);
    if (!found) return day;
    const [year, month, date] = found.slice(1).map(Number);
    const named = RULES.months.split(" ")[month - 1];
    return language ? `${date} ${named} ${year}` : `${year}年${month}月${date}日`;
  };
  const filled = (sentence, words) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);

  const load = async () => {
    const response = await fetch(form.dataset.index, { credentials: "omit" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return checkRegister.registerOf(await response.json());
  };
  let loading = load();
  loading.then(
    () => {
      secret.textContent = form.dataset.local;
      secret.classList.add("check__secret--local");
    },
    () => {},
  );

  const isFresh = (register) => {
    const { generated_at, expires_at } = register.document;
    const now = Date.now();
    return now < Date.parse(expires_at) && now > Date.parse(generated_at) - SLACK;
  };

  const copyOf = (selector) =>
    document.querySelector(selector).content.firstElementChild.cloneNode(true);
  const line = (text) => {
    const made = document.createElement("li");
    made.textContent = text;
    return made;
  };
  const linkTo = (address, text, note = "") => {
    const made = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    made.append(note ? `${note}: ` : "", link);
    return made;
  };

  const sayer = (register) => {
    const { city } = register.document;
    const cityName = language ? city.name_english : city.name;
    return (said) => {
      const words = { city: cityName, ...said };
      if (words.since) words.since = dayInWords(words.since);
      for (const key of ["service", "here", "services"]) {
        if (!(key in words)) continue;
        const names = words[key].split(" ").map((each) => checkRegister.serviceName(each, language));
        words[key] = names.join(language ? ", " : "、");
      }
      for (const key of ["their_kind", "our_kind"]) {
        if (key in words) words[key] = RULES.kinds[words[key]][language];
      }
      return filled(RULES.sentences[said.code][language], words);
    };
  };

  const labelOf = ({ verdict, said }) => {
    if (verdict === "unknown" && RULES.untelling.includes(said[0].code)) return "untold";
    return verdict === "official" && said[0].code === "official_name" ? "named" : verdict;
  };
  const headingOf = ({ verdict, findings }) => {
    const labels = findings.map(labelOf);
    if (verdict === "unknown" && !labels.includes("unknown")) return "untold";
    return verdict === "official" && labels.includes("named") ? "named" : verdict;
  };

  const shownFinding = (found, register, say) => {
    const made = copyOf("template[data-finding]");
    const label = made.querySelector("[data-label]");
    label.className = `tag tag--${KINDS[labelOf(found)]}`;
    label.textContent = RULES.labels[labelOf(found)][language];
    made.querySelector("[data-text]").textContent = found.text;
    made.querySelector("[data-said]").replaceChildren(...found.said.map((each) => line(say(each))));
    const warnings = found.fakes.map((fake) => linkTo(fake.page, RULES.links.warning[language]));
    const accounts = found.accounts.map((id) => {
      const account = register.accounts.get(id);
      const handle = checkRegister.shownHandle(account);
      const form = account.name && handle ? "page" : "page_without_handle";
      const words = {
        service: checkRegister.serviceName(account.service, language),
        name: checkRegister.titleOf(account),
        handle,
      };
      const text = filled(RULES.links[form][language], words);
      const path = language ? "/en/accounts/" : "/accounts/";
      return linkTo(`${path}${id}/`, text, RULES.links[account.status][language]);
    });
    made.querySelector("[data-links]").replaceChildren(...warnings, ...accounts);
    return made;
  };

  const show = (verdict, register = null, findings = []) => {
    const made = copyOf(`template[data-verdict="${verdict}"]`);
    if (register) {
      const say = sayer(register);
      const shown = findings.map((each) => shownFinding(each, register, say));
      made.querySelector("[data-findings]").replaceChildren(...shown);
      const moment = register.document.generated_at;
      const words = { moment: `${dayInWords(moment)} ${moment.slice(11, 16)}` };
      made.querySelector("[data-moment]").textContent = filled(
        RULES.sentences.as_of[language],
        words,
      );
    }
    place.replaceChildren(made);
    place.focus({ preventScroll: true });
    made.scrollIntoView({ block: "nearest" });
  };

  const complain = (sentence) => {
    problem.hidden = !sentence;
    problem.textContent = sentence ? `＊${sentence}` : "";
    if (sentence) {
      field.setAttribute("aria-invalid", "true");
      place.replaceChildren();
      field.focus();
    } else {
      field.removeAttribute("aria-invalid");
    }
  };

  const answer = async () => {
    const text = field.value;
    if (!text.trim()) return complain(form.dataset.empty);
    complain("");
    let register;
    try {
      register = await loading;
    } catch {
      // Whoever asks again gets another try, and this time an answer that nothing can be confirmed.
      loading = load();
      loading.catch(() => {});
      return show("cannot");
    }
    if (!isFresh(register)) {
      loading = load();
      try {
        register = await loading;
      } catch {
        return show("cannot");
      }
      if (!isFresh(register)) return show("cannot");
    }
    try {
      const judged = checkJudging.judge(text, register);
      return show(headingOf(judged), register, judged.findings);
    } catch (error) {
      if (error instanceof checkReading.TooMuch) {
        return complain(RULES.sentences[error.code][language]);
      }
      return show("cannot");
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  // On one line Enter asks; while an input method is at work it is part of the typing.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener("paste", () => setTimeout(answer));
  // Served as a file, the page has had nobody who would answer what its address asks.
  const asked = new URLSearchParams(location.search).get("q");
  if (asked && !("answered" in form.dataset)) {
    field.value = asked;
    answer();
  }
})();
