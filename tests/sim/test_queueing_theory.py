"""The closed forms against numbers worked out by hand."""

import math

import pytest

from benchmarks.queueing_theory import (
    JacksonStation,
    cobham_waits,
    erlang_a,
    erlang_b,
    erlang_c,
    jackson_sojourn,
    loss_probability,
    maximum_of_exponentials,
    mean_number_in_bin,
    mg1_wait,
    mm1_sojourn_quantile,
    mm1_transient_queue,
    mmc_wait,
)
from benchmarks.reference_network import EXACT_SOJOURN_S

LN2 = math.log(2.0)
E = math.e
EIN_1 = (
    0.796599599297053  # the integral of (1 - exp(-u)) / u over [0, 1]: 1 - 1/4 + 1/18 - 1/96 + …
)


def test_erlang_b_of_two_servers_and_two_erlangs_is_two_fifths() -> None:
    # 2²/2! against 1 + 2 + 2
    assert erlang_b(2, 2.0) == pytest.approx(2 / 5)


def test_erlang_b_of_five_servers_and_three_erlangs_is_that_of_the_tables() -> None:
    # 243/120 against 1 + 3 + 4.5 + 4.5 + 3.375 + 2.025
    assert erlang_b(5, 3.0) == pytest.approx(2.025 / 18.4)


def test_erlang_c_of_one_server_is_its_utilisation() -> None:
    assert erlang_c(1, 0.3) == pytest.approx(0.3)


def test_erlang_c_of_two_half_busy_servers_is_a_third() -> None:
    # B = (1/2) / (5/2) = 1/5, C = (1/5) / (1 - 4/10)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)


def test_wait_in_mm1_at_four_fifths_is_four_services() -> None:
    assert mmc_wait(1, 0.8, 1.0) == pytest.approx(4.0)


def test_wait_at_two_half_busy_servers_is_a_third_of_a_service() -> None:
    # C / (cμ - λ) = (1/3) / (2 - 1), and twice that when everything is twice as slow
    assert mmc_wait(2, 1.0, 1.0) == pytest.approx(1 / 3)
    assert mmc_wait(2, 0.5, 2.0) == pytest.approx(2 / 3)


@pytest.mark.parametrize("arrivals", [1.0, 1.5])
def test_equilibrium_is_refused_when_the_server_cannot_keep_up(arrivals: float) -> None:
    with pytest.raises(ValueError, match="no equilibrium"):
        mmc_wait(1, arrivals, 1.0)
    with pytest.raises(ValueError, match="no equilibrium"):
        mg1_wait(arrivals, 1.0, 0.0)
    with pytest.raises(ValueError, match="no equilibrium"):
        mm1_sojourn_quantile(0.5, arrivals, 1.0)


def test_median_time_in_mm1_is_that_of_an_exponential() -> None:
    # rate μ - λ = 1/2
    assert mm1_sojourn_quantile(0.5, 0.5, 1.0) == pytest.approx(2.0 * LN2)


def test_wait_in_md1_is_half_of_that_in_mm1() -> None:
    assert mg1_wait(0.8, 1.0, cv=1.0) == pytest.approx(4.0)
    assert mg1_wait(0.8, 1.0, cv=0.0) == pytest.approx(2.0)


def test_wait_in_mg1_counts_the_second_moment_of_the_service() -> None:
    # λ = 1/4, E[S] = 2, cv = 2: E[S²] = 20, Wq = (1/4 · 20) / (2 · 1/2)
    assert mg1_wait(0.25, 2.0, cv=2.0) == pytest.approx(5.0)


def test_loss_of_a_single_server_with_places_is_geometric() -> None:
    # 1, 1/2, 1/4, 1/8
    assert loss_probability(1, 2, 0.5) == pytest.approx(1 / 15)


def test_loss_of_two_servers_and_one_place_is_one_in_eleven() -> None:
    # 1, 1, 1/2, 1/4
    assert loss_probability(2, 1, 1.0) == pytest.approx(1 / 11)


def test_loss_without_places_is_erlang_b() -> None:
    assert loss_probability(5, 0, 3.0) == pytest.approx(2.025 / 18.4)


def test_cobham_waits_of_two_classes_keep_kleinrocks_conservation() -> None:
    waits = cobham_waits([(0.3, 1.0, 2.0), (0.4, 1.0, 2.0)])
    # W₀ = 0.7: 0.7 / 0.7 and 0.7 / (0.7 · 0.3)
    assert waits == pytest.approx([1.0, 10 / 3])
    # weighed by load they sum to what first come, first served gives
    assert 0.3 * waits[0] + 0.4 * waits[1] == pytest.approx(0.7 * mmc_wait(1, 0.7, 1.0))


def test_cobham_wait_of_one_class_is_pollaczek_and_khinchine() -> None:
    assert cobham_waits([(0.5, 1.0, 3.25)]) == pytest.approx([mg1_wait(0.5, 1.0, cv=1.5)])


def test_erlang_a_with_equal_rates_is_the_poisson_case() -> None:
    # λ = μ = θ = 1: n inside has weight 1/n!, and one who finds n inside leaves with n / (n + 1),
    # so P = e⁻¹ Σ n / (n + 1)! = 1/e; waiting t and being served has density exp(-e⁻ᵗ - 2t), and
    # the integral of t times that is Ein(1) - (1 - 1/e)
    theory = erlang_a(1, 1.0, 1.0, 1.0)
    assert theory.abandons == pytest.approx(1 / E)
    assert theory.wait == pytest.approx(1 / E)
    assert theory.wait_of_served == pytest.approx(EIN_1 / (1 - 1 / E) - 1.0)


def test_erlang_a_with_endless_patience_is_erlang_c() -> None:
    theory = erlang_a(2, 1.0, 1.0, patience=1e9)
    assert theory.abandons == pytest.approx(0.0, abs=1e-8)
    assert theory.wait == pytest.approx(1 / 3, rel=1e-6)
    assert theory.wait_of_served == pytest.approx(1 / 3, rel=1e-6)


def test_erlang_a_without_patience_is_erlang_b() -> None:
    assert erlang_a(2, 2.0, 1.0, patience=1e-9).abandons == pytest.approx(2 / 5, rel=1e-6)


def test_time_in_a_tandem_of_two_adds_up_over_visits() -> None:
    # M/M/1 at 1/2: 2 s; M/M/1 visited twice, at rate 1 with service 1/2: 1 s each
    stations = [JacksonStation(1, 1.0, 1.0), JacksonStation(1, 0.5, 2.0)]
    assert jackson_sojourn(0.5, stations) == pytest.approx(4.0)


def test_reference_network_takes_fifty_five_seconds() -> None:
    assert round(EXACT_SOJOURN_S, 2) == 55.38


def test_maximum_of_two_equal_exponentials_is_one_and_a_half() -> None:
    assert maximum_of_exponentials(1.0, 1.0) == pytest.approx(1.5)
    assert maximum_of_exponentials(3.0, 6.0) == pytest.approx(7.0)


def test_number_in_service_rises_towards_the_load_and_decays_after_the_arrivals_end() -> None:
    # m rises as 1 - e⁻ᵗ to 1/2 at ln 2, with integral ln 2 - 1/2, and then decays with integral 1/4
    breaks, rates = (0.0, LN2), (1.0,)
    rising = mean_number_in_bin(breaks, rates, 1.0, 0.0, LN2)
    falling = mean_number_in_bin(breaks, rates, 1.0, LN2, 2.0 * LN2)
    assert rising == pytest.approx((LN2 - 0.5) / LN2)
    assert falling == pytest.approx(0.25 / LN2)
    assert mean_number_in_bin(breaks, rates, 1.0, 0.0, 2.0 * LN2) == pytest.approx(
        (rising + falling) / 2.0
    )


def test_queue_that_is_never_served_is_all_arrivals_but_one() -> None:
    # the mean of (Poisson(t) - 1)⁺ is t - 1 + e⁻ᵗ; over [0, 2] that averages to (1 - e⁻²) / 2
    queue = mm1_transient_queue(1.0, 1e12, 2.0)
    assert queue == pytest.approx((1.0 - math.exp(-2.0)) / 2.0)


def test_queue_over_a_long_time_is_that_of_equilibrium() -> None:
    # ρ² / (1 - ρ) = 1/2
    assert mm1_transient_queue(0.5, 1.0, 20_000.0) == pytest.approx(0.5, rel=1e-3)
