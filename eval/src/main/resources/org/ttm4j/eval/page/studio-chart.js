/* The chart of the studio: history, forecast and intervals of one column over time, with zoom and a reading. */
'use strict';

const HOUR = 3600e3;
const MARGIN = {top: 12, right: 14, bottom: 26, left: 62};
/** How large numbers are written on an axis and in a table. */
const WORDS = [[1e12, 'trillion'], [1e9, 'billion'], [1e6, 'million']];

/** A number with the decimals of the input. */
function written(value, decimals) {
  if (!Number.isFinite(value)) return 'missing';
  return d3.format(`,.${decimals}f`)(value).replace(/^-/, '−').replace(/^−(0(\.0+)?)$/, '$1');
}

/** The texts of ticks, such as 7.5 million. */
function tickTexts(ticks) {
  const most = Math.max(...ticks.map(Math.abs));
  const [unit, word] = WORDS.find(([size]) => most >= size) ?? [1, ''];
  const step = Math.abs((ticks[1] ?? ticks[0] + 1) - ticks[0]) / unit;
  const digits = Math.max(0, Math.min(8, Math.ceil(-Math.log10(step) - 1e-9)));
  return ticks.map(tick => tick === 0 ? '0' : written(tick / unit, digits) + (word && ' ' + word));
}

/** The most decimals, up to six, that values of the input have. */
function decimalsOf(values) {
  let most = 0;
  for (const value of values.slice(-2000)) {
    if (!Number.isFinite(value)) continue;
    const text = String(value), point = text.indexOf('.');
    if (text.includes('e') && Math.abs(value) < 1) return 6;
    if (point >= 0 && !text.includes('e')) most = Math.max(most, text.length - point - 1);
  }
  return Math.min(most, 6);
}

/** A time as people write it: without its offset, and without what is zero in all times that the service sends. */
function timeText(text) {
  return text.replace('T', ' ').replace(/(Z|[+-]\d\d:\d\d)$/, '').replace(/:00$/, '').replace(/ 00:00$/, '');
}

/** The moment of a time as it is written in the table, read as UTC; NaN for a number of a row. */
function momentOf(text) {
  const match = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?)?/.exec(text);
  if (!match) return NaN;
  const [year, month, day, hour, minute, second] = match.slice(1).map(part => +(part ?? 0));
  return Date.UTC(year, month - 1, day || 1, hour, minute, second);
}

/**
 * Makes the chart in an element.
 *
 * @param onRead is called with the step that is pointed at, or null
 * @return {draw(view), compare(values), mark(steps), zoom(factor), all(), move(steps), svg()}; a view is {times, values,
 *   forecast, bands}: times of history and forecast, bands [low, high] from the widest; values to compare with are another
 *   forecast, or null; steps that are marked are of the history
 */
function makeChart(host, onRead) {
  const svg = d3.select(host).append('svg').attr('aria-hidden', 'true');
  const clip = svg.append('clipPath').attr('id', 'inside').append('rect');
  const grid = svg.append('g'), inside = svg.append('g').attr('clip-path', 'url(#inside)');
  const areas = inside.append('g'), lines = inside.append('g'), rings = inside.append('g'), marks = inside.append('g'), axes = svg.append('g');
  let view, full, x, at = null, marked = [];

  // The wheel scrolls the page, unless the chart has the focus.
  const zoom = d3.zoom().scaleExtent([1, 2000])
    .filter(event => !event.button && (event.type !== 'wheel' || event.ctrlKey || document.activeElement === host))
    .on('zoom', render);
  svg.call(zoom).on('dblclick.zoom', null);
  svg.on('pointermove', event => read(stepAt(d3.pointer(event)[0]))).on('pointerleave', () => read(null));

  const place = t => view.moments ? view.moments[t] : t;
  function stepAt(pixel) {
    const value = +x.invert(pixel);
    if (!view.moments) return Math.max(0, Math.min(view.times.length - 1, Math.round(value)));
    const right = Math.min(view.moments.length - 1, d3.bisectLeft(view.moments, value));
    return right > 0 && value - view.moments[right - 1] < view.moments[right] - value ? right - 1 : right;
  }

  function read(step) {
    at = step;
    cursor();
    onRead(step);
  }

  function cursor() {
    const steps = at === null ? [] : [at];
    const valueAt = t => t < view.values.length ? view.values[t] : view.forecast[t - view.values.length];
    marks.selectAll('line.cursor').data(steps).join('line').attr('class', 'cursor')
      .attr('x1', t => x(place(t))).attr('x2', t => x(place(t))).attr('y1', MARGIN.top).attr('y2', host.clientHeight - MARGIN.bottom);
    marks.selectAll('circle').data(steps.filter(t => Number.isFinite(valueAt(t)))).join('circle').attr('r', 4)
      .attr('class', t => t < view.values.length ? 'history' : 'forecast')
      .attr('cx', t => x(place(t))).attr('cy', t => view.y(valueAt(t)));
  }

  /** Draws what is visible; more than two points a pixel are drawn as the least and the most of each pixel. */
  function render() {
    const width = host.clientWidth, height = host.clientHeight;
    x = d3.zoomTransform(svg.node()).rescaleX(full);
    const [first, last] = [stepAt(MARGIN.left), stepAt(width - MARGIN.right)];
    const from = view.values.length, shown = thinned(view.values, Math.max(0, first - 1), Math.min(from, last + 2), 2 * width);
    const visible = [...shown.map(t => view.values[t])];
    view.forecast.forEach((v, h) => {
      if (from + h < first - 1 || from + h > last + 1) return;
      visible.push(v, view.other?.[h] ?? v, ...view.bands.flatMap(band => [band[0][h], band[1][h]]));
    });
    let [low, high] = d3.extent(visible.filter(Number.isFinite));
    if (low === undefined) [low, high] = [0, 1];
    if (low === high) [low, high] = [low - 1, high + 1];
    const room = 0.05 * (high - low);
    const y = view.y = d3.scaleLinear([low - room, high + room], [height - MARGIN.bottom, MARGIN.top]);

    const ticks = y.ticks(height / 60), texts = tickTexts(ticks);
    grid.selectAll('line').data(ticks).join('line').attr('class', 'grid').attr('x1', MARGIN.left)
      .attr('x2', width - MARGIN.right).attr('y1', y).attr('y2', y);
    axes.selectAll('text.value').data(ticks).join('text').attr('class', 'value').attr('text-anchor', 'end')
      .attr('x', MARGIN.left - 8).attr('y', v => y(v) + 4).text((_, i) => texts[i]);
    const times = x.ticks(Math.max(2, width / 110)).filter(t => view.moments || Number.isInteger(t) && view.times[t] !== undefined);
    const tickTime = view.moments ? x.tickFormat() : t => view.times[t];
    axes.selectAll('text.time').data(times).join('text').attr('class', 'time').attr('text-anchor', 'middle')
      .attr('x', x).attr('y', height - 8).text(tickTime);
    grid.selectAll('line.now').data([from - 1]).join('line').attr('class', 'now')
      .attr('x1', t => x(place(t))).attr('x2', t => x(place(t))).attr('y1', MARGIN.top).attr('y2', height - MARGIN.bottom);

    const line = d3.line().defined(([, v]) => Number.isFinite(v)).x(([t]) => x(place(t))).y(([, v]) => y(v));
    const lastSeen = view.values.findLastIndex(Number.isFinite);
    const seen = lastSeen < 0 ? [] : [[lastSeen, view.values[lastSeen]]];
    const ahead = values => [...seen, ...values.map((v, h) => [from + h, v])];
    lines.selectAll('path').data([['history', shown.map(t => [t, view.values[t]])], ['forecast', ahead(view.forecast)],
      ...(view.other ? [['other', ahead(view.other)]] : [])]).join('path')
      .attr('class', ([kind]) => kind).attr('d', ([, points]) => line(points));
    areas.selectAll('path').data(view.bands).join('path').attr('class', 'band').attr('d', ([lows, highs]) => d3.area()
      .x((_, h) => x(place(from + h))).y0((_, h) => y(lows[h])).y1((_, h) => y(highs[h]))(lows));
    rings.selectAll('circle').data(marked).join('circle').attr('class', 'unusual').attr('r', 5)
      .attr('cx', t => x(place(t))).attr('cy', t => y(view.values[t]));
    cursor();
  }

  function draw(next) {
    view = next;
    const moments = view.times.map(momentOf);
    // Clocks go back by an hour in autumn.
    view.moments = moments.every((t, i) => t > (i ? moments[i - 1] - HOUR - 1 : -Infinity)) ? moments : null;
    const width = host.clientWidth, height = host.clientHeight;
    svg.attr('viewBox', `0 0 ${width} ${height}`);
    clip.attr('x', MARGIN.left).attr('y', 0).attr('width', width - MARGIN.left - MARGIN.right).attr('height', height);
    const range = [MARGIN.left, width - MARGIN.right], ends = [place(0), place(view.times.length - 1)];
    full = view.moments ? d3.scaleUtc(ends, range) : d3.scaleLinear(ends, range);
    x = full;
    zoom.extent([[MARGIN.left, 0], [width - MARGIN.right, height]]).translateExtent([[MARGIN.left, 0], [width - MARGIN.right, height]]);
    at = null;
    marked = [];
    // At first the forecast takes a quarter of the width.
    const from = Math.max(0, view.values.length - 3 * view.forecast.length);
    const scale = (full(place(view.times.length - 1)) - MARGIN.left) / (full(place(view.times.length - 1)) - full(place(from)));
    svg.call(zoom.transform, d3.zoomIdentity.translate(range[1] * (1 - scale), 0).scale(scale));
  }

  return {
    draw,
    zoom: factor => svg.call(zoom.scaleBy, factor, [x(place(view.values.length - 1)), 0]),
    all: () => svg.call(zoom.transform, d3.zoomIdentity),
    move: steps => read(Math.max(0, Math.min(view.times.length - 1, (at ?? view.values.length - 1) + steps))),
    compare(values) {
      view.other = values;
      render();
    },
    mark(steps) {
      marked = steps;
      render();
    },
    resize() {
      if (!view) return;
      const before = marked;
      draw(view);
      this.mark(before);
    },
    svg: () => svg.node(),
  };
}

/** The steps to draw of [from, to): all, or the least and the most of each of so many parts, and where a gap begins. */
function thinned(values, from, to, most) {
  const steps = d3.range(from, to);
  if (steps.length <= 2 * most) return steps;
  const size = steps.length / most, kept = [];
  for (let part = 0; part < most; part++) {
    const of = steps.slice(Math.round(part * size), Math.round((part + 1) * size));
    const known = of.filter(t => Number.isFinite(values[t]));
    if (!known.length) kept.push(of[0]);
    else kept.push(...new Set([d3.least(known, t => values[t]), d3.greatest(known, t => values[t])].sort((a, b) => a - b)));
  }
  return kept;
}
