// Draws the charts of the report with uPlot from the numbers, ticks and labels in #chart-data.
"use strict";

const ACCENT = "#0b5cad";
const INK = "#3c4043";
const GRID = "#e8eaed";
const FAIL = "#b3261e";
const SHED = "#b06000";
const FONT = "11px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const TICK_ROOM = 64; // CSS pixels a tick's label needs
const STYLES = {
  area: { stroke: ACCENT, width: 1.25, fill: "rgba(11, 92, 173, 0.16)", step: true },
  step: { stroke: INK, width: 1.5, dash: [5, 3], step: true },
  cumulative: { stroke: INK, width: 1.25, dash: [5, 3], scale: "y2" },
  p50: { stroke: ACCENT, width: 1.5, points: true },
  p90: { stroke: ACCENT, width: 1.5, points: true, dash: [6, 3] },
  p95: { stroke: INK, width: 1.5, points: true, dash: [2, 2] },
  line: { stroke: ACCENT, width: 1.5 },
  model: { stroke: INK, width: 1.5, dash: [5, 3] },
  shed: { stroke: SHED, width: 1.5, step: true },
  failed: { stroke: FAIL, width: 1.5, step: true },
};
const BANDS = {
  own: "rgba(179, 38, 30, 0.13)",
  other: "rgba(60, 64, 67, 0.05)",
  warmup: "rgba(60, 64, 67, 0.12)",
};

const data = JSON.parse(document.getElementById("chart-data").textContent);
const plain = new Intl.NumberFormat(data.lang, { maximumFractionDigits: 1 });
const drawn = [];
let printing = false;

// The finest level of ticks that leaves room for its labels.
function timeTicks(levels, low, high, width) {
  const most = Math.max(2, Math.floor(width / TICK_ROOM));
  let chosen = [];
  for (const level of levels) {
    const inside = level.filter(([x]) => x >= low && x <= high);
    if (inside.length > chosen.length && inside.length <= most) chosen = inside;
  }
  if (chosen.length < 2) {
    // Even the coarsest readable level is empty: thin out the next one.
    const inside = levels.map((l) => l.filter(([x]) => x >= low && x <= high)).find((l) => l.length > 1) || [];
    const every = Math.ceil(inside.length / most) || 1;
    chosen = inside.filter((_, i) => i % every === 0);
  }
  return chosen;
}

function axis(ticks, extra) {
  let shown = [];
  return {
    stroke: INK,
    font: FONT,
    grid: { stroke: GRID, width: 1 },
    ticks: { stroke: GRID, width: 1, size: 4 },
    gap: 3,
    splits: (u, i, low, high) => {
      shown = ticks(u, low, high);
      return shown.map(([at]) => at);
    },
    filter: (u, splits) => splits,
    values: (u, splits) => splits.map((at) => (shown.find(([x]) => x === at) || [0, ""])[1]),
    ...extra,
  };
}

function shade(u, chart) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const band of chart.bands) {
    const from = u.valToPos(Math.max(band.from, u.scales.x.min), "x", true);
    const to = u.valToPos(Math.min(band.to, u.scales.x.max), "x", true);
    if (to < bbox.left || from > bbox.left + bbox.width) continue;
    ctx.fillStyle = BANDS[band.kind];
    ctx.fillRect(from, bbox.top, Math.max(to - from, 2 * uPlot.pxRatio), bbox.height);
  }
  ctx.restore();
}

// Words over the data: names of bands and of marked quantiles, each on the first line where it fits.
function write(u, chart) {
  const { ctx, bbox } = u;
  const px = uPlot.pxRatio;
  const words = chart.bands
    .filter((band) => band.label && band.to > u.scales.x.min && band.from < u.scales.x.max)
    .map((band) => ({ at: Math.max(band.from, u.scales.x.min), label: band.label, color: band.kind === "own" ? FAIL : INK }))
    .concat((chart.marks || []).map((mark) => ({ at: mark.x, label: mark.label, color: FAIL, line: true })));
  words.sort((a, b) => a.at - b.at);
  const ends = [];
  ctx.save();
  ctx.font = FONT.replace("11px", `${11 * px}px`);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  for (const word of words) {
    const x = u.valToPos(word.at, "x", true);
    if (word.line) {
      ctx.strokeStyle = word.color;
      ctx.lineWidth = px;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    const width = ctx.measureText(word.label).width;
    const right = bbox.left + bbox.width;
    const left = x + 4 * px + width > right ? Math.max(bbox.left, (word.line ? x - 4 * px : right) - width) : x + 4 * px;
    let line = ends.findIndex((end) => left > end + 6 * px);
    if (line < 0) line = ends.length;
    ends[line] = left + width;
    const y = bbox.top + (3 + 13 * line) * px;
    ctx.lineWidth = 3 * px;
    ctx.strokeStyle = "rgba(255, 255, 255, 0.85)";
    ctx.strokeText(word.label, left, y);
    ctx.fillStyle = word.color;
    ctx.fillText(word.label, left, y);
  }
  ctx.restore();
}

function readout(u, chart, place) {
  const at = u.cursor.idx;
  if (at == null) {
    place.textContent = "";
    return;
  }
  const labels = chart.labels || data.labels;
  const values = chart.series.map((series) => {
    const value = series.words ? series.words[at] : series.values[at] == null ? "—" : plain.format(series.values[at]);
    return `${series.label} ${value}`;
  });
  place.textContent = `${labels[at]}: ${values.join(", ")}`;
}

function draw(holder) {
  if (holder.firstChild || (!printing && !holder.clientWidth)) return;
  const chart = data.charts[holder.dataset.chart];
  const place = holder.parentElement.querySelector(".readout");
  const x = chart.x || data.x.slice(0, chart.series[0].values.length);
  const low = chart.kind === "days" ? chart.x[0] - 43200 : x[0];
  const high = chart.kind === "days" ? chart.until + 43200 : x[x.length - 1];
  const ticks = chart.xticks
    ? (u, from, to) => chart.xticks.filter(([at]) => at >= from && at <= to)
    : (u, from, to) => timeTicks(data.ticks, from, to, u.width - 60);
  const series = chart.series.map((one) => {
    const style = STYLES[one.style];
    return {
      label: one.label,
      scale: style.scale || "y",
      stroke: style.stroke,
      width: style.width,
      fill: style.fill,
      dash: style.dash,
      points: { show: Boolean(style.points), size: 5 },
      paths: style.step ? uPlot.paths.stepped({ align: 1 }) : undefined,
    };
  });
  const room = (u, values) => 10 + 6.3 * Math.max(3, ...(values || []).map((v) => v.length));
  const axes = [axis(ticks, { size: 24 }), axis(() => chart.y, { size: room })];
  if (chart.y2) axes.push(axis(() => chart.y2, { side: 1, scale: "y2", size: room, grid: { show: false } }));
  const plot = new uPlot(
    {
      width: holder.clientWidth || Number(holder.dataset.print),
      height: Number(holder.dataset.height),
      legend: { show: false },
      padding: [8, 22, 0, 0],
      cursor: {
        y: false,
        drag: { x: true, y: false },
        sync: chart.kind === "time" ? { key: "time", setSeries: false } : undefined,
      },
      scales: {
        x: { time: false, range: (u, from, to) => (from == null || (from === x[0] && to === x[x.length - 1]) ? [low, high] : [from, to]) },
        y: { range: [0, chart.top] },
        y2: { range: [0, 1.08] },
      },
      axes,
      series: [{}, ...series],
      hooks: {
        drawClear: [(u) => shade(u, chart)],
        draw: [(u) => write(u, chart)],
        setCursor: [(u) => readout(u, chart, place)],
      },
    },
    [x, ...chart.series.map((one) => one.values)],
    holder,
  );
  drawn.push({ plot, holder });
}

function resize(width) {
  for (const { plot, holder } of drawn) {
    const wanted = width ? Number(holder.dataset.print) : holder.clientWidth;
    if (wanted > 0 && wanted !== plot.width) plot.setSize({ width: wanted, height: plot.height });
  }
}

function drawAll() {
  document.querySelectorAll("[data-chart]").forEach(draw);
}

drawAll();
const folded = document.querySelectorAll("details.minor");
folded.forEach((part) => part.addEventListener("toggle", drawAll));
window.addEventListener("resize", () => resize(false));
window.addEventListener("beforeprint", () => {
  printing = true;
  folded.forEach((part) => {
    part.dataset.open = part.open ? "1" : "";
    part.open = true;
  });
  drawAll();
  resize(true);
});
window.addEventListener("afterprint", () => {
  printing = false;
  folded.forEach((part) => {
    part.open = Boolean(part.dataset.open);
  });
  resize(false);
});
