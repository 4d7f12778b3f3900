"""Keyed draws: every random number is a hash of (seed, replication, stream, entity, node, visit,
k).

Nothing is stored and nothing advances, so adding a station, a monitor or a worker changes no other
draw, and variants of a scenario share their numbers. One compiled function, `draw`, turns a hash
into a duration for every engine, the mocks and the load test.

Logarithm and exponential are written in plain arithmetic (fdlibm's polynomials): the C library's
differ between machines.
"""

import hashlib
import math

import numpy as np
import numpy.typing as npt

from world.compiled import (
    compiled,
    float_of_bits,
    float_to_bits,
    inlined,
    int64,
    uint64,
    woven,
)

CONSTANT, EXPONENTIAL, LOGNORMAL, UNIFORM, TRIANGULAR, ERLANG = range(6)
HYPEREXPONENTIAL, EMPIRICAL = range(6, 8)
LONGEST_US = (
    10**16
)  # about 317 years: a draw is cut there, so that sums of times stay inside 64 bits

# splitmix64: constants of the finalizer and odd increments that separate visit from k
_MIX_1 = uint64(0xBF58476D1CE4E5B9)
_MIX_2 = uint64(0x94D049BB133111EB)
_STEP_VISIT = uint64(0x9E3779B97F4A7C15)
_STEP_K = uint64(0xD1342543DE82EF95)
_S12, _S27, _S30, _S31, _S52 = (uint64(n) for n in (12, 27, 30, 31, 52))
_MANTISSA = uint64(0xFFFFFFFFFFFFF)
_SQRT_HALF_SHIFT = uint64(0x95F6400000000)
_IMPLICIT_BIT = uint64(0x10000000000000)
_ONE_BITS = uint64(0x3FF0000000000000)
_FEISTEL_STEPS = 4  # the least that looks random to whoever sees both halves (Luby, Rackoff 1988)
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10


def text_key(text: str) -> int:
    """The 64-bit name of a stream, a journey or a node in hashes."""
    return bytes_key(text.encode())


def bytes_key(content: bytes) -> int:
    """The 64-bit name of some content in hashes."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


@compiled("u8(u8)")
def mix(x: int) -> int:
    """splitmix64's finalizer: a bijection of 64-bit words without visible structure."""
    x = (x ^ (x >> _S30)) * _MIX_1
    x = (x ^ (x >> _S27)) * _MIX_2
    return x ^ (x >> _S31)


@compiled("u8(u8, u8)")
def combine(key: int, part: int) -> int:
    """The key of `part` inside `key`: what a seed, a replication, a journey or an arrival number
    adds."""
    return mix(mix(key) + part * _STEP_VISIT + _STEP_K)


@inlined
def _hash(entity: int, node: int, visit: int, k: int) -> int:
    return mix(mix(entity ^ node) + uint64(visit) * _STEP_VISIT + uint64(k) * _STEP_K)


@inlined
def _unit(h: int) -> float:
    """Strictly between 0 and 1: 52 bits and a half step, so that neither logarithm nor quantile
    meets a bound."""
    return (float(h >> _S12) + 0.5) * 2.220446049250313e-16


@compiled("f8(f8)")
def log(x: float) -> float:
    """Natural logarithm of a positive normal float, the same bits on every machine (fdlibm
    e_log)."""
    bits = float_to_bits(x)
    k = int64(bits >> _S52) - 1023
    mantissa = bits & _MANTISSA
    i = (mantissa + _SQRT_HALF_SHIFT) & _IMPLICIT_BIT
    f = float_of_bits(mantissa | (i ^ _ONE_BITS)) - 1.0
    k += int64(i >> _S52)
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (
        3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01)
    )
    even = z * (
        6.666666666666735130e-01
        + w
        * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + odd + even) + k * _LN2_LOW)) - f)


@compiled("f8(f8)")
def exp(x: float) -> float:
    """e to the x, cut to |x| <= 700, the same bits on every machine (fdlibm e_exp)."""
    x = min(max(x, -700.0), 700.0)
    k = math.floor(x * 1.44269504088896338700 + 0.5)
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t
            * (
                6.61375632143793436117e-05
                + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
            )
        )
    )
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    return y * float_of_bits(uint64(int64(k) + 1023) << _S52)


@compiled("f8(f8)")
def normal_quantile(p: float) -> float:
    """Standard normal quantile to about 16 digits (Wichura 1988, algorithm AS 241, PPND16)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        upper = 2.5090809287301226727e3
        for a in (
            3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
            1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2,
            3.3871328727963666080e0,
        ):  # fmt: skip
            upper = upper * r + a
        lower = 5.2264952788528545610e3
        for b in (
            2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
            5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
        ):  # fmt: skip
            lower = lower * r + b
        return q * upper / lower
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        upper = 7.74545014278341407640e-4
        for a in (
            2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
            3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0,
            1.42343711074968357734e0,
        ):  # fmt: skip
            upper = upper * r + a
        lower = 1.05075007164441684324e-9
        for b in (
            5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
            6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
        ):  # fmt: skip
            lower = lower * r + b
    else:
        r -= 5.0
        upper = 2.01033439929228813265e-7
        for a in (
            2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
            2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0,
            6.65790464350110377720e0,
        ):  # fmt: skip
            upper = upper * r + a
        lower = 2.04426310338993978564e-15
        for b in (
            1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
            1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
        ):  # fmt: skip
            lower = lower * r + b
    return -upper / lower if q < 0.0 else upper / lower


@inlined
def _whole(us: float) -> int:
    return int64(min(max(math.floor(us + 0.5), 0.0), float(LONGEST_US)))


@woven
def _exponential(h: int, mean: float) -> int:
    return _whole(-mean * log(_unit(h)))


@inlined
def _triangular(u: float, low: float, mode: float, high: float) -> float:
    left = (mode - low) / (high - low)
    if u < left:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


@inlined
def _erlang(h: int, stages: int, mean: float) -> float:
    total = 0.0
    for stage in range(stages):
        total -= log(_unit(mix(h + uint64(stage) * _STEP_VISIT)))
    return total * mean / stages


@compiled("i8(u8, i8, f8, f8, f8)")
def sample(h: int, kind: int, a: float, b: float, c: float) -> int:
    """A duration in µs from one hash: (a, b, c) are the parameters `scenarios.distributions`
    documents per kind."""
    if kind == EXPONENTIAL:
        return _exponential(h, a)
    if kind == LOGNORMAL:
        return _whole(exp(a + b * normal_quantile(_unit(h))))
    if kind == CONSTANT:
        return _whole(a)
    if kind == UNIFORM:
        return _whole(a + (b - a) * _unit(h))
    if kind == TRIANGULAR:
        return _whole(_triangular(_unit(h), a, b, c))
    return _whole(_erlang(h, int64(b), a))


@compiled("i8(u8, i8, f8[::1])")
def sample_table(h: int, kind: int, table: npt.NDArray[np.float64]) -> int:
    """Like `sample` for kinds with a table: sorted sample values, or cumulated p followed by
    means, in µs."""
    u = _unit(h)
    if kind == EMPIRICAL:
        return _whole(table[int64(u * table.size)])
    phases = table.size // 2
    phase = 0
    while phase < phases - 1 and u >= table[phase]:
        phase += 1
    return _whole(-table[phases + phase] * log(_unit(mix(h))))


@compiled("i8(u8, u8, i8, i8, i8, f8, f8, f8)")
def draw(
    entity: int, node: int, visit: int, k: int, kind: int, a: float, b: float, c: float
) -> int:
    """The duration in µs that belongs to (entity, node, visit, k)."""
    return sample(_hash(entity, node, visit, k), kind, a, b, c)


@woven
def draw_exponential(entity: int, node: int, visit: int, k: int, mean: float) -> int:
    """`draw` for the commonest kind, compiled into its caller."""
    return _exponential(_hash(entity, node, visit, k), mean)


@compiled("void(u8, i8, u8[::1], i8[::1], f8[:, ::1], u8[::1], i8[:, ::1])")
def draw_first_visits(
    stream: int,
    first: int,
    nodes: npt.NDArray[np.uint64],
    kinds: npt.NDArray[np.int64],
    parameters: npt.NDArray[np.float64],
    entities: npt.NDArray[np.uint64],
    out: npt.NDArray[np.int64],
) -> None:
    """Keys of the entities `first`, `first` + 1, … of `stream`, and what `draw` gives for the first
    visit of each to each node.

    Shapes: nodes and kinds (n), parameters (n, 3), entities (m), out (m, n). A call from Python
    costs more than ten draws.
    """
    for i in range(entities.size):
        entity = combine(stream, uint64(first + i))
        entities[i] = entity
        for j in range(nodes.size):
            h = _hash(entity, nodes[j], 0, 0)
            out[i, j] = sample(h, kinds[j], parameters[j, 0], parameters[j, 1], parameters[j, 2])


@compiled("i8(u8, u8, i8, i8, i8, f8[::1])")
def draw_table(
    entity: int, node: int, visit: int, k: int, kind: int, table: npt.NDArray[np.float64]
) -> int:
    """`draw` for the kinds that have a table."""
    return sample_table(_hash(entity, node, visit, k), kind, table)


@compiled("f8(u8, u8, i8, i8)")
def uniform(entity: int, node: int, visit: int, k: int) -> float:
    """A number strictly between 0 and 1 that belongs to (entity, node, visit, k)."""
    return _unit(_hash(entity, node, visit, k))


@compiled("f8(u8, u8, i8, i8)")
def unit_exponential(entity: int, node: int, visit: int, k: int) -> float:
    """An exponential number of mean 1, not rounded: the gaps of a Poisson process."""
    return -log(_unit(_hash(entity, node, visit, k)))


@compiled("i8(u8, u8, f8[::1])")
def bernoulli_mask(entity: int, node: int, probabilities: npt.NDArray[np.float64]) -> int:
    """Bit b is set with probability `probabilities[b]`, independently (at most 63 bits)."""
    mask = int64(0)
    for b in range(probabilities.size):
        if _unit(_hash(entity, node, 0, b)) < probabilities[b]:
            mask |= int64(1) << b
    return mask


@compiled("i8(u8, u8, i8, i8, f8)")
def mended_mask(entity: int, node: int, visit: int, reported: int, probability: float) -> int:
    """Which of the `reported` bits are mended at this return, each with `probability`."""
    mended = int64(0)
    for b in range(63):
        if (reported >> b) & 1 and _unit(_hash(entity, node, visit, b)) < probability:
            mended |= int64(1) << b
    return mended


@inlined
def _half_bits(size: int) -> int:
    """Bits of each half of the shortest Feistel word of an even width that holds range(size)."""
    half = uint64(1)
    while (int64(1) << int64(half + half)) < size:
        half += uint64(1)
    return half


@compiled("i8(u8, i8, i8)")
def permute(key: int, number: int, size: int) -> int:
    """The place of `number` in a keyed permutation of range(size): a Feistel network walked
    until inside (Black, Rogaway 2002)."""
    half = _half_bits(size)
    low_bits = (uint64(1) << half) - uint64(1)
    x = uint64(number)
    while True:
        left, right = x >> half, x & low_bits
        for step in range(_FEISTEL_STEPS):
            left, right = right, left ^ (mix(right + key + uint64(step) * _STEP_K) & low_bits)
        x = (left << half) | right
        if x < uint64(size):
            return int64(x)


@compiled("i8(u8, i8, i8)")
def unpermute(key: int, place: int, size: int) -> int:
    """The number whose place in `permute` is `place`: the same walk backwards."""
    half = _half_bits(size)
    low_bits = (uint64(1) << half) - uint64(1)
    x = uint64(place)
    while True:
        left, right = x >> half, x & low_bits
        for back in range(_FEISTEL_STEPS):
            step = _FEISTEL_STEPS - 1 - back
            left, right = right ^ (mix(left + key + uint64(step) * _STEP_K) & low_bits), left
        x = (left << half) | right
        if x < uint64(size):
            return int64(x)
