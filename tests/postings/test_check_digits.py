"""Of all numbers of the right length only those with the right check digit are named."""

from __future__ import annotations

import pytest

from postings.checking.numbers import is_individual_number, passes_luhn

pytestmark = pytest.mark.once


@pytest.mark.parametrize("number", ["12345678901", "02345678901", "98765432109", "11111111112"])
def test_one_digit_of_ten_ends_an_individual_number(number):
    assert sum(is_individual_number(number + last) for last in "0123456789") == 1


def test_the_check_digit_of_an_individual_number_is_reckoned_as_the_ordinance_says():
    # 6·1 5·2 4·3 3·4 2·5 7·6 6·7 5·8 4·9 3·0 2·1 from the left: 212, less 19·11 leaves 3, and 11 - 3 is 8.
    assert is_individual_number("123456789018")
    assert not is_individual_number("123456789012")
    assert not is_individual_number("000000000000")


@pytest.mark.parametrize("number", ["11000000000", "10101000000"])
def test_where_nothing_or_one_is_left_the_check_digit_is_0(number):
    # 6 + 5 leaves 0, 6 + 4 + 2 leaves 1.
    assert [last for last in "0123456789" if is_individual_number(number + last)] == ["0"]


@pytest.mark.parametrize(
    "number", ["4111111111111111", "5555555555554444", "378282246310005", "3530111333300000"]
)
def test_the_cards_that_issuers_publish_for_tests_pass_and_their_neighbours_do_not(number):
    others = [number[:-1] + last for last in "0123456789" if last != number[-1]]
    assert passes_luhn(number)
    assert not any(passes_luhn(other) for other in others)
