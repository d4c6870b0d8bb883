"""How each service writes the address of an account: the table behind `profiles.py`.

A service has one or more kinds of account. A kind is recognised by the form of its path and has one
way to be written. Where a service has several, the handle names the kind (`company/…`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from accounts import profile_forms as forms
from accounts.profile_forms import Kind, Names, Rules

# The patterns are written in what Python and JavaScript have in common: the public check reads
# profiles in the browser by the very same ones.


def _names(pattern: str, words: str, fold: Callable[[str], str] = forms.fold_case) -> Names:
    return Names(re.compile(pattern), words, fold)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# `\w` leaves out the vowel signs and accents that words of many scripts are written with.
_MARKS = "".join(chr(c) for c in range(0x300, 0x1100) if unicodedata.category(chr(c))[0] == "M")
WORD = rf"\w{_MARKS}\u3099\u309a"
_NUMBER = _names(r"[0-9]{1,20}", "数字", forms.keep)
_X = _names(r"[A-Za-z0-9_]{1,15}", "半角の英数字と「_」で15文字まで")
_FACEBOOK = _names(
    r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9.-])?",
    "半角の英数字と「.」「-」で100文字まで",
    forms.fold_case_and_dots,
)
_INSTAGRAM = _names(
    r"(?=.{1,30}$)[A-Za-z0-9_](?:\.?[A-Za-z0-9_]){0,29}", "半角の英数字と「_」「.」で30文字まで"
)
_CHANNEL = _names(r"UC[A-Za-z0-9_-]{22}", "UCで始まる24文字で、大文字と小文字を区別", forms.keep)
_YOUTUBE_OLD = _names(rf"[{WORD}.·'-]{{1,100}}", "文字、数字と「_」「-」「.」")
_LINKEDIN = _names(rf"[{WORD}.&'’+–-]{{1,150}}", "文字、数字と「-」")
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ANY_CASE = _DOMAIN.replace("a-z", "A-Za-z")
_LINE = r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}"

RULES: Mapping[str, Rules] = {
    "x": Rules(
        (
            Kind(("i/user/{}",), "https://x.com/i/user/{}", _NUMBER, "i/user/{}", permanent=True),
            Kind(("{}", "@{}"), "https://x.com/{}", _X),
        ),
        _set("home share intent explore search hashtag i login logout signup settings messages"
             " notifications compose tos privacy about download jobs account who_to_follow"),
        _set("with_replies media likes favorites followers following verified_followers highlights"
             " articles photo header_photo superfollows affiliates about lists"),
    ),
    "facebook": Rules(
        (
            Kind(("groups/{}",), "https://www.facebook.com/groups/{}", _FACEBOOK, "groups/{}"),
            Kind(("{}",), "https://www.facebook.com/{}", _NUMBER, permanent=True),
            Kind(("{}",), "https://www.facebook.com/{}", _FACEBOOK),
        ),
        _set("home home.php profile.php share share.php sharer sharer.php search watch reel stories"
             " groups pages people p pg events marketplace gaming hashtag photo photo.php photos"
             " video.php videos permalink.php story.php login login.php help settings policies"
             " business dialog plugins notes media l.php public messages notifications bookmarks"
             " ads privacy legal about developers directory places topic tr friends legacy"),
        _set("about about_details about_profile_transparency info posts photos photos/albums"
             " photos_albums photos_stream photos_by videos videos_by reels reels_tab live"
             " live_videos events community reviews mentions followers following likes services"
             " shop map groups timeline notes sports music playlists insights settings home inbox"
             " publishing_tools members media discussion announcements files permalink questions"),
        rewrite=forms.facebook, complete=forms.facebook_name,
    ),
    "instagram": Rules(
        (Kind(("_u/{}", "{}", "@{}"), "https://www.instagram.com/{}/", _INSTAGRAM),),
        _set("p reel reels tv stories explore accounts direct about developer legal web s _u"
             " challenge create emails session ar"),
        _set("reels tagged channel guides igtv feed followers following saved"),
    ),
    "youtube": Rules(
        (
            Kind(("channel/{}",), "https://www.youtube.com/channel/{}", _CHANNEL, permanent=True),
            Kind(("@{}",), "https://www.youtube.com/@{}",
                 _names(rf"[{WORD}.·-]{{3,30}}", "文字、数字と「_」「-」「.」で3文字から30文字")),
            Kind(("user/{}",), "https://www.youtube.com/user/{}",
                 _names(r"[A-Za-z0-9_.-]{1,60}", "半角の英数字"), "user/{}"),
            Kind(("c/{}",), "https://www.youtube.com/c/{}", _YOUTUBE_OLD, "c/{}"),
            # What it stands for, only YouTube knows: a user name, a /c/ name or a handle.
            Kind(("{}",), "https://www.youtube.com/{}", _YOUTUBE_OLD, "youtube.com/{}"),
        ),
        _set("watch shorts live playlist results feed embed v hashtag post channel user c t about"
             " premium gaming redirect account upload clip attribution_link signin music kids"
             " creators howyoutubeworks ads trending playlists movies profile oops"),
        _set("featured videos shorts streams live playlists community posts channels about feed"
             " podcasts releases store courses membership discussion browse join feeds custom"),
        rewrite=forms.youtube,
    ),
    "line": Rules(
        (
            Kind(("lin.ee/{}",), "https://lin.ee/{}",
                 _names(r"[A-Za-z0-9_-]{4,40}", "半角の英数字", forms.keep), "lin.ee/{}"),
            Kind(("@{}",), "https://line.me/R/ti/p/@{}",
                 _names(r"[0-9]{3}[a-z]{5}", "数字3文字と英小文字5文字"), permanent=True),
            Kind(("@{}",), "https://line.me/R/ti/p/@{}",
                 _names(_LINE, "半角の英数字と「.」「_」「-」で40文字まで")),
        ),
        rewrite=forms.line,
    ),
    "tiktok": Rules(
        (Kind(("@{}", "{}"), "https://www.tiktok.com/@{}",
              _names(r"[A-Za-z0-9_.]{1,23}[A-Za-z0-9_]", "半角の英数字と「_」「.」で24文字まで")),),
        _set("t v tag music discover explore foryou following live search trending upload video"
             " embed legal about login share channel friends messages business creators place"),
        _set("live reposts liked playlist"),
    ),
    "threads": Rules(
        (Kind(("@{}", "{}"), "https://www.threads.com/@{}", _INSTAGRAM),),
        _set("t login search settings activity intent share following for_you saved liked custom"),
        _set("replies reposts media"),
    ),
    "bluesky": Rules(
        (
            Kind(("profile/{}",), "https://bsky.app/profile/{}",
                 _names(r"did:plc:[a-z2-7]{24}", "did:plc:で始まる32文字"), permanent=True),
            Kind(("profile/{}", "profile/@{}"), "https://bsky.app/profile/{}",
                 _names(rf"(?=.{{4,253}}$){_ANY_CASE}", "ドメインの形、例 name.bsky.social")),
        ),
        tabs=_set("followers follows following media search"),
        rewrite=forms.bluesky, complete=forms.bluesky_name,
    ),
    "mastodon": Rules(
        (Kind(("{}",), "https://{host}/@{user}",
              _names(
                  rf"(?=.{{4,180}}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{{0,62}}[A-Za-z0-9_])?@{_DOMAIN}",
                  "@名前@サーバー名の形",
              )),),
        tabs=_set("followers following with_replies media featured"),
        rewrite=forms.mastodon, complete=forms.mastodon_name,
    ),
    "note": Rules(
        (
            Kind(("{}",), "https://{}",
                 _names(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.[Nn][Oo][Tt][Ee]\.[Jj][Pp]",
                        "半角の英数字と「-」")),
            Kind(("{}", "@{}"), "https://note.com/{}",
                 _names(r"[A-Za-z0-9_-]{1,40}", "半角の英数字と「_」「-」で40文字まで")),
        ),
        _set("n hashtag search topic topics login signup settings notes magazines contests m terms"
             " ranking categories privacy about explore intent api premium membership"),
        _set("all likes magazines followers followings following membership portal archives"
             " searchnote"),
        rewrite=forms.note,
    ),
    "linkedin": Rules(
        (
            Kind(("company/{}",), "https://www.linkedin.com/company/{}", _NUMBER, "company/{}",
                 permanent=True),
            *(
                Kind((f"{kind}/{{}}",), f"https://www.linkedin.com/{kind}/{{}}", _LINKEDIN,
                     f"{kind}/{{}}")
                for kind in ("company", "showcase", "school", "in", "groups")
            ),
        ),
        tabs=_set("about posts jobs people life videos events insights mycompany products profile"
                  " recent-activity followers"),
        deep_tabs=_set("admin detail"),
        rewrite=forms.linkedin,
    ),
    "github": Rules(
        (Kind(("orgs/{}", "{}", "@{}"), "https://github.com/{}",
              _names(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})", "半角の英数字と「-」で39文字まで")),),
        _set("about apps blog collections contact customer-stories dashboard enterprise events"
             " explore features gist issues join login logout marketplace new notifications orgs"
             " organizations pricing pulls readme search security sessions settings signup site"
             " sponsors stars team topics trending users codespaces copilot"),
        _set("repositories people projects packages dashboard"),
    ),
    "flickr": Rules(
        (
            Kind(("groups/{}",), "https://www.flickr.com/groups/{}",
                 _names(r"[A-Za-z0-9_.@-]{1,60}", "半角の英数字"), "groups/{}"),
            Kind(("photos/{}", "people/{}", "{}"), "https://www.flickr.com/photos/{}",
                 _names(r"[0-9]{1,12}@[Nn][0-9]{2}", "@N00などで終わる文字列"), permanent=True),
            Kind(("photos/{}", "people/{}", "{}"), "https://www.flickr.com/photos/{}",
                 _names(r"[A-Za-z0-9_.-]{1,60}", "半角の英数字と「_」「-」で60文字まで")),
        ),
        _set("photos people groups explore search tags map camera cameras commons help about"
             " account signin upload services events jobs create prints tools tags"),
        _set("albums sets collections galleries favorites faves map about pool discuss members"
             " with contacts archives tags stats testimonials popular"),
        rewrite=forms.flickr,
    ),
    "pinterest": Rules(
        (Kind(("{}", "@{}"), "https://www.pinterest.com/{}/",
              _names(r"[A-Za-z0-9_-]{1,40}", "半角の英数字と「_」「-」で40文字まで")),),
        _set("pin search ideas today explore categories business settings about login resource"
             " topics videos shopping password source news_hub convert"),
        _set("pins boards _saved _created _shop _pins followers following likes _profile"),
    ),
    "vimeo": Rules(
        (
            *(
                Kind((f"{kind}/{{}}",), f"https://vimeo.com/{kind}/{{}}",
                     _names(r"[A-Za-z0-9_-]{1,60}", "半角の英数字"), f"{kind}/{{}}")
                for kind in ("channels", "groups")
            ),
            Kind(("{}",), "https://vimeo.com/{}", _names(r"[Uu][Ss][Ee][Rr][0-9]{1,15}", "user数字"),
                 permanent=True),
            Kind(("{}", "@{}"), "https://vimeo.com/{}",
                 _names(r"[0-9]{0,30}[A-Za-z_-][A-Za-z0-9_-]{0,40}", "半角の英数字と「_」「-」")),
        ),
        _set("channels groups album showcase ondemand watch categories help about search event"
             " log_in join settings manage upload features blog solutions for-hire stock video"
             " create enterprise upgrade api terms privacy"),
        _set("videos about collections following followers albums showcases likes"),
        rewrite=forms.vimeo,
    ),
    "tumblr": Rules(
        (Kind(("{}", "@{}"), "https://www.tumblr.com/{}",
              _names(r"[A-Za-z0-9-]{1,32}", "半角の英数字と「-」で32文字まで")),),
        _set("blog dashboard explore search tagged login register settings about help abuse likes"
             " following communities share policy support docs privacy widgets reblog new inbox"
             " activity www m api assets media static embed"),
        _set("archive likes following followers about ask submit"),
        rewrite=forms.tumblr,
    ),
    "medium": Rules(
        (
            Kind(("@{}",), "https://medium.com/@{}",
                 _names(r"[A-Za-z0-9_.-]{1,40}", "半角の英数字と「_」「.」「-」で40文字まで")),
            Kind(("{}",), "https://medium.com/{}",
                 _names(r"[A-Za-z0-9_-]{1,80}", "半角の英数字と「-」"), "medium.com/{}"),
        ),
        _set("p m me s search tag tags topic topics about membership new-story creators jobs"
             " explore-topics policy u plans business feed sitemap"),
        _set("about followers following latest has-recommended archive lists subpage all"),
        rewrite=forms.medium,
    ),
    "slideshare": Rules(
        (Kind(("{}",), "https://www.slideshare.net/{}",
              _names(r"[A-Za-z0-9_-]{1,60}", "半角の英数字と「_」「-」で60文字まで")),),
        _set("slideshow slideshows search login signup about upload explore category featured"
             " developers business secret embed_code"),
        _set("presentations documents videos infographics followers following clipboards"),
    ),
}  # fmt: skip
"""How the accounts of each service are read; services that take any URL have no entry."""
