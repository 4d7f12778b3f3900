"""The tables of docs/journeys.md, written from the files that they describe."""

from collections.abc import Mapping
from typing import Any

NODE_HEAD = ["| node | what happens | time | then back | source |", "|---|---|---|---|---|"]
STATION_HEAD = [
    "| station | servers | service | queue, timeout, retries, order | source |",
    "|---|---|---|---|---|",
]


def node_rows(journey: Mapping[str, Any]) -> list[str]:
    """A row for each node that has a source: it takes time, sends back, or draws lots."""
    return [
        row(f"`{name}`", node["title"]["en"], time_of(node), back(node), node["source"])
        for name, node in journey["nodes"].items()
        if "source" in node
    ]


def station_rows(stations: Mapping[str, Any]) -> list[str]:
    """A row for each station."""
    return [
        row(
            f"`{name}`",
            servers(station["servers"]),
            distribution(station["service"]),
            temper(station),
            station["source"],
        )
        for name, station in stations.items()
    ]


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def distribution(spec: Mapping[str, Any]) -> str:
    ((name, value),) = spec.items()
    if isinstance(value, str):
        return f"{name} {value}"
    return name + " " + ", ".join(f"{key} {part}" for key, part in value.items())


def time_of(node: Mapping[str, Any]) -> str:
    if "delay" in node:
        time = distribution(node["delay"])
        return f"{time}; after {node['within']} `{node['late']}`" if "within" in node else time
    if "serve" in node:
        return f"station `{node['serve']}`"
    if "choose" in node:
        return ", ".join(
            f"`{arm['to']}` {arm['p']}" if "p" in arm else f"`{arm['to']}`"
            for arm in node["choose"]
        )
    return ", ".join(f"`{branch}`" for branch in node["fork"]) if "fork" in node else "at once"


def back(node: Mapping[str, Any]) -> str:
    fail = node.get("fail")
    if fail is None:
        return ""
    if isinstance(fail, str):
        return f"`{fail}`"
    text = f"`{fail['to']}`"
    if "after" in fail:
        text += f" after {distribution(fail['after'])}"
    if "max" in fail:
        text += f", {fail['max']} times, then `{fail['give_up']}`"
    return text


def servers(spec: Any) -> str:
    if isinstance(spec, int):
        return str(spec)
    return "; ".join(
        f"{shift['count']} on {shift['days']} days {shift['from']}–{shift['to']}"
        for shift in spec["shifts"]
    )


def temper(station: Mapping[str, Any]) -> str:
    parts = []
    if "queue_limit" in station:
        parts.append(f"{station['queue_limit']} waiting places")
    if "timeout" in station:
        parts.append(f"timeout {station['timeout']}")
    if "retry" in station:
        retry = station["retry"]
        times = f" ×{retry['factor']}" if "factor" in retry else ""
        parts.append(f"{retry['max']} retries, pause {retry['backoff']}{times}")
    if station.get("discipline") == "priority":
        parts.append("by priority")
    if "shift_end" in station:
        parts.append(f"shift end: {station['shift_end']}")
    return "; ".join(parts)
