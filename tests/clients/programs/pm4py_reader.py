"""Reads an event log with pm4py and prints what it found there."""

import json
import sys
import warnings

import pm4py

given = json.loads(sys.stdin.read())
answer = sys.stdout
sys.stdout = sys.stderr  # it greets
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that faster parsers are not installed
    log = pm4py.read_xes(given["log"])
edges, starts, ends = pm4py.discover_dfg(log[log["lifecycle:transition"] == "complete"])
found = {
    "events": [
        {
            "case": row["case:concept:name"],
            "activity": row["concept:name"],
            "instance": row["concept:instance"],
            "transition": row["lifecycle:transition"],
            "resource": row["org:resource"],
            "time": row["time:timestamp"].isoformat(),
        }
        for row in log.to_dict("records")
    ],
    "edges": [[a, b, int(times)] for (a, b), times in sorted(edges.items())],
    "starts": {name: int(times) for name, times in starts.items()},
    "ends": {name: int(times) for name, times in ends.items()},
}
answer.write(json.dumps(found))
