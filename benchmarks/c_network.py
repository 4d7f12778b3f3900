"""The reference network as a C programmer would write it: a heap of events, linked queues, nothing
kept but the sum of the customers' times.

It is the measure of what a machine can do with this model, compiled by `cc` where there is one.
"""

import ctypes
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.reference_network import (
    ARRIVALS_PER_S,
    RETURN_P,
    RETURN_STATION,
    SERVERS,
    SERVICES_S,
)
from benchmarks.rivals import Measured

__all__ = ["c_network", "has_compiler"]

_SOURCE = r"""
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct { double at; int32_t station, customer; } Event;

static uint64_t word;
static double uniform(void) {               /* splitmix64 */
    uint64_t x = (word += 0x9e3779b97f4a7c15ULL);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return ((x ^ (x >> 31)) >> 11) * 0x1p-53;
}
static double exponential(double mean) { return -mean * log1p(-uniform()); }

static Event *heap;
static int events;
static void put(double at, int station, int customer) {
    int k = events++;
    while (k > 0) {
        int up = (k - 1) / 2;
        if (heap[up].at <= at) break;
        heap[k] = heap[up];
        k = up;
    }
    heap[k] = (Event){at, station, customer};
}
static Event take(void) {
    Event first = heap[0], last = heap[--events];
    int k = 0;
    for (;;) {
        int down = 2 * k + 1;
        if (down >= events) break;
        if (down + 1 < events && heap[down + 1].at < heap[down].at) down++;
        if (heap[down].at >= last.at) break;
        heap[k] = heap[down];
        k = down;
    }
    heap[k] = last;
    return first;
}

/* Runs `customers` through; returns the sum of their times. */
double run(int customers, int stations, const int *servers, const double *services,
           double rate, int returning, double p, uint64_t seed) {
    int busy = 0;
    for (int s = 0; s < stations; s++) busy += servers[s];
    heap = malloc((busy + 1) * sizeof *heap);
    int *next = malloc(customers * sizeof *next);
    double *came = malloc(customers * sizeof *came);
    int *idle = malloc(stations * sizeof *idle), *head = malloc(stations * sizeof *head),
        *tail = malloc(stations * sizeof *tail);
    for (int s = 0; s < stations; s++) { idle[s] = servers[s]; head[s] = tail[s] = -1; }
    double sum = 0.0;
    int arrived = 0;
    word = seed;
    events = 0;
    put(exponential(1.0 / rate), -1, 0);
    while (events > 0) {
        Event e = take();
        int c = e.customer, to = 0;
        if (e.station < 0) {
            came[c] = e.at;
            if (++arrived < customers) put(e.at + exponential(1.0 / rate), -1, arrived);
        } else {
            int s = e.station, waiting = head[s];
            if (waiting < 0) {
                idle[s]++;
            } else {
                if ((head[s] = next[waiting]) < 0) tail[s] = -1;
                put(e.at + exponential(services[s]), s, waiting);
            }
            if (s == stations - 1) { sum += e.at - came[c]; continue; }
            to = s == returning && uniform() < p ? 0 : s + 1;
        }
        if (idle[to] > 0) {
            idle[to]--;
            put(e.at + exponential(services[to]), to, c);
        } else {
            next[c] = -1;
            if (tail[to] < 0) head[to] = c; else next[tail[to]] = c;
            tail[to] = c;
        }
    }
    free(heap); free(next); free(came); free(idle); free(head); free(tail);
    return sum;
}
"""
_SEED = 1


def has_compiler() -> bool:
    """Whether this machine has a C compiler."""
    return shutil.which("cc") is not None


def c_network(customers: int) -> Measured:
    """The network in C, `cc -O3`."""
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "network.c"), Path(folder, "network.so")
        source.write_text(_SOURCE, encoding="utf-8")
        words = ["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o"]
        subprocess.run([*words, library, source, "-lm"], check=True)
        run = ctypes.CDLL(str(library)).run
        run.restype = ctypes.c_double
        began = time.process_time()
        total = run(
            customers,
            len(SERVERS),
            (ctypes.c_int * len(SERVERS))(*SERVERS),
            (ctypes.c_double * len(SERVERS))(*SERVICES_S),
            ctypes.c_double(ARRIVALS_PER_S),
            RETURN_STATION,
            ctypes.c_double(RETURN_P),
            ctypes.c_uint64(_SEED),
        )
        return Measured(customers, time.process_time() - began, total / customers)
