/*
 * The chart above the stages: history, forecast, intervals, the naive forecast. A point of the history is dragged with a
 * pointer, or with the keys of the handle.
 */
'use strict';

const MARGIN = {top: 10, right: 10, bottom: 24, left: 46};
/** A step of the forecast is drawn so much wider than one of the history. */
const STRETCH = 2;

/**
 * Makes the chart.
 *
 * @param actions {point(step), grab(step), drag(value), release(), patch(index or null)}; steps of the context
 * @return {draw(view, duration)}: page.js has the view
 */
function makeChart(host, actions) {
  const svg = d3.select(host).append('svg').attr('aria-hidden', 'true');
  const layer = name => svg.append('g').attr('class', name);
  const back = layer('back'), axes = layer('axes'), areas = layer('areas'), lines = layer('lines'), labels = layer('labels');
  const reach = svg.append('rect').attr('class', 'reach');
  const tip = d3.select(host).append('div').attr('class', 'tip').attr('hidden', true);
  const handle = d3.select(host).append('div')
    .attr('class', 'handle').attr('role', 'slider').attr('tabindex', 0).attr('aria-orientation', 'vertical')
    .attr('aria-label', 'A value of the history. Left and right choose it, up and down change it.');
  let x, y, view, held = null, size = {width: 0, height: 0};

  const stepAt = pixel => Math.max(0, Math.min(view.values.length - 1, Math.floor(x.invert(pixel))));
  const centre = t => x(t + 0.5);
  svg.call(d3.drag()
    .container(host)
    .filter(event => !event.button && x.invert(d3.pointers(event, host)[0][0]) < view.values.length)
    .on('start', event => actions.grab(held = stepAt(event.x)))
    .on('drag', event => actions.drag(y.invert(Math.max(0, Math.min(size.height, event.y)))))
    .on('end', () => { held = null; actions.release(); }));
  svg.on('pointermove', event => {
    if (held === null) hover(d3.pointer(event, host)[0]);
  }).on('pointerleave', () => { tip.attr('hidden', true); actions.patch(null); });

  function hover(pixel) {
    const step = Math.floor(x.invert(pixel));
    if (step < view.values.length) {
      actions.patch(Math.floor(stepAt(pixel) / view.patchLength));
      actions.point(stepAt(pixel));
    } else actions.patch(null);
    show(Math.max(0, Math.min(view.values.length + view.forecast.length - 1, step)));
  }

  /** What there is at a step. */
  function show(t) {
    const h = t - view.values.length;
    const rows = h < 0 ? [['value', view.values[t]]]
      : [['forecast', view.forecast[h]], ['80 %', ...view.bands[0].map(quantile => quantile[h])], ['naive', view.naive[h]]];
    tip.attr('hidden', null).style('left', Math.max(70, Math.min(size.width - 70, centre(t))) + 'px')
      .html(`<b>${escaped(view.timeAt(t))}</b>` + rows.map(([name, ...of]) =>
        `<span>${name} <i>${of.map(v => Number.isNaN(v) ? 'missing' : figure(v, view.decimals)).join(' … ')}</i></span>`).join(''));
  }

  handle.on('keydown', event => {
    const move = {ArrowLeft: -1, ArrowRight: 1, PageUp: -view.patchLength, PageDown: view.patchLength}[event.key];
    const change = {ArrowUp: 1, ArrowDown: -1}[event.key];
    if (!move && !change) return;
    event.preventDefault();
    if (move) actions.point(Math.max(0, Math.min(view.values.length - 1, view.point + move)));
    if (move) actions.patch(Math.floor(view.point / view.patchLength));
    if (!change) return;
    actions.grab(view.point);
    actions.drag(view.filled[view.point] + change * view.scale / 8);
    actions.release();
  }).on('blur', () => actions.patch(null));

  function scales() {
    const all = [view.values, view.base, view.forecast, view.baseForecast, view.naive, ...view.bands[0]]
      .flatMap(v => [...v]).filter(Number.isFinite);
    let [low, high] = d3.extent(all);
    if (low === high) [low, high] = [low - 1, high + 1];
    const room = (high - low) * 0.06;
    [low, high] = [low - room, high + room];
    if (held !== null) [low, high] = [Math.min(low, y.domain()[0]), Math.max(high, y.domain()[1])];
    MARGIN.left = tickRoom(low, high);
    const length = view.values.length, ahead = view.forecast.length, left = MARGIN.left, right = size.width - MARGIN.right;
    const now = left + (right - left) * length / (length + STRETCH * ahead);
    x = d3.scaleLinear([0, length, length + ahead], [left, now, right]);
    y = d3.scaleLinear([low, high], [size.height - MARGIN.bottom, MARGIN.top]);
  }

  function drawBack() {
    const width = x(view.patchLength) - x(0), height = size.height - MARGIN.bottom - MARGIN.top;
    const most = view.shares ? Math.max(...view.shares) : 1;
    back.selectAll('rect.patch').data(range(view.values.length / view.patchLength)).join('rect')
      .attr('class', p => 'patch' + (p === view.patch ? ' chosen' : '') + (view.erased.has(p) ? ' erased' : ''))
      .attr('x', p => x(p * view.patchLength) + 1).attr('width', width - 2).attr('y', MARGIN.top).attr('height', height)
      .style('--of', p => view.shares ? view.shares[p] / most : 0);
    back.selectAll('line.now').data([0]).join('line').attr('class', 'now')
      .attr('x1', x(view.values.length)).attr('x2', x(view.values.length))
      .attr('y1', MARGIN.top).attr('y2', size.height - MARGIN.bottom);
    const scale = view.stage === 'scale' ? [view.loc - view.scale, view.loc, view.loc + view.scale] : [];
    back.selectAll('line.loc').data(scale).join('line').attr('class', 'loc')
      .attr('x1', x(0)).attr('x2', x(view.values.length)).attr('y1', y).attr('y2', y);
    labels.selectAll('text.loc').data(scale).join('text').attr('class', 'loc').attr('x', x(0) + 6).attr('y', v => y(v) - 4)
      .text((_, i) => ['loc − scale', 'loc', 'loc + scale'][i]);
  }

  function drawAxes() {
    axes.selectAll('line').data(y.ticks(size.height / 60)).join('line')
      .attr('x1', MARGIN.left).attr('x2', size.width - MARGIN.right).attr('y1', y).attr('y2', y);
    axes.selectAll('text.value').data(y.ticks(size.height / 60)).join('text').attr('class', 'value')
      .attr('x', MARGIN.left - 8).attr('y', v => y(v) + 4).text(tickText(y, size.height / 60));
    // A day, a month and a time of day take up to 84 pixels.
    const every = Math.ceil(90 / (x(view.patchLength) - x(0))) * view.patchLength;
    const ticks = range(Math.floor(view.values.length / every) + 1).map(i => view.values.length - i * every);
    axes.selectAll('text.time').data(ticks).join('text').attr('class', 'time')
      .attr('x', x).attr('y', size.height - 7).text(t => shortTime(view.timeAt(t)));
  }

  function drawLines(duration) {
    const from = view.values.length;
    const line = offset => d3.line().defined(v => Number.isFinite(v)).x((_, i) => centre(offset + i)).y(y);
    const ahead = values => [lastOf(view.values), ...values];
    const rows = [
      ['ghost', view.base, 0], ['ghost', ahead(view.baseForecast), from - 1],
      ['gap', view.filled, 0], ['history', view.values, 0],
      ['naive', ahead(view.naive), from - 1], ['forecast', ahead(view.forecast), from - 1]];
    moved(lines.selectAll('path').data(rows).join('path').attr('class', row => row[0]), duration)
      .attr('d', ([, values, offset]) => line(offset)(values));
    moved(areas.selectAll('path').data(view.bands).join('path').attr('class', (_, i) => BAND_KINDS[i]), duration)
      .attr('d', ([low, high]) => d3.area().x((_, h) => centre(from + h)).y0((_, h) => y(low[h])).y1((_, h) => y(high[h]))(low));
  }

  function drawHandle() {
    const value = view.filled[view.point];
    handle.style('transform', `translate(${centre(view.point)}px, ${y(value)}px)`)
      .attr('aria-valuemin', number(y.domain()[0])).attr('aria-valuemax', number(y.domain()[1]))
      .attr('aria-valuenow', number(value)).attr('aria-valuetext', `${view.timeAt(view.point)}: ${figure(value, view.decimals)}`);
  }

  /** Draws a view; slowly where it is a change to watch. */
  function draw(next, duration = 0) {
    view = next;
    size = {width: host.clientWidth, height: host.clientHeight};
    svg.attr('viewBox', `0 0 ${size.width} ${size.height}`);
    scales();
    reach.attr('x', x(0)).attr('width', x(view.values.length) - x(0)).attr('y', 0).attr('height', size.height);
    drawBack();
    drawAxes();
    drawLines(duration);
    drawHandle();
    if (held !== null) show(held);
  }
  return {draw};
}

/** A selection that changes at once, or in a transition. */
function moved(selection, duration) {
  return duration > 0 && selection.filter('[d]').size() === selection.size()
    ? selection.transition().duration(duration) : selection.interrupt();
}

function lastOf(values) {
  return values.findLast(Number.isFinite) ?? NaN;
}
