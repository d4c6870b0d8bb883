"""Whom a table means: by address or by name, asked of the database once and only where it names anybody."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from shinshiro_sns.text import fold_for_search
from staff.models import Membership, User


class People:
    """The staff, and where each of them is or ever was."""

    def called(self, text: str) -> User:
        """The one of this address or name. Raises ValueError with a sentence for the person."""
        if found := self._by_address.get(text.casefold()):
            return found
        same_name = self._by_name.get(fold_for_search(text), [])
        if len(same_name) > 1:
            raise ValueError(
                f"「{text[:40]}」という職員が{len(same_name)}人います。メールアドレスで書いてください。"
            )
        if not same_name:
            raise ValueError(f"職員「{text[:60]}」は登録されていません。")
        return same_name[0]

    def ever_in(self, person: User, departments: set[int]) -> bool:
        """Whether the person belongs, or ever belonged, to one of `departments`."""
        return bool(self._places[person.pk] & departments)

    @cached_property
    def _everybody(self) -> list[User]:
        return list(User.objects.defer("password").order_by("pk"))

    @cached_property
    def _by_address(self) -> dict[str, User]:
        return {person.email.casefold(): person for person in self._everybody}

    @cached_property
    def _by_name(self) -> dict[str, list[User]]:
        found: dict[str, list[User]] = defaultdict(list)
        for person in self._everybody:
            found[fold_for_search(person.name)].append(person)
        return found

    @cached_property
    def _places(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for person, department in Membership.objects.values_list("user", "department"):
            found[person].add(department)
        return found
