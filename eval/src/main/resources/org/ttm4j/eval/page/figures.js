/* Small figures that the stages are made of: grids of numbers as colours, lines, bars; and how numbers are written. */
'use strict';

const UNITS = [[1e12, ' trillion'], [1e9, ' billion'], [1e6, ' million']];
const unitOf = size => UNITS.find(([least]) => size >= least);

/** A number in at least four digits, such as 0.04215, 12,346 or 7.536 million, with so many decimals at most. */
function figure(value, decimals = Infinity) {
  const size = Math.abs(value), unit = unitOf(size);
  const digits = 3 - Math.floor(Math.log10(size));
  const text = size === 0 ? '0' : unit ? d3.format('.4~r')(value / unit[0]) + unit[1]
    : size < 1e-6 && decimals > 6 ? d3.format('.3~e')(value)
    : d3.format(`,.${Math.min(decimals, Math.max(0, digits))}~f`)(value);
  return text.replace(/^-/, '−');
}

/** The decimals that values are given with. */
const decimalsOf = values => Math.max(0, ...Array.from(values, value => /e/.test(value) ? Infinity
  : (String(value).split('.')[1] ?? '').length));
const number = value => Number(value.toPrecision(6));
/** How the bands around a forecast are drawn, the wide one first. */
const BAND_KINDS = ['wide', 'narrow'];
const percent = share => Math.round(100 * share) + '\u202f%';

/** How the ticks of a scale are written: as 0.002, 20,000 or 7.5 million, and with an exponent where they are tiny. */
function tickText(scale, count) {
  const most = Math.max(...scale.domain().map(Math.abs)), unit = unitOf(most);
  if (unit) return value => value === 0 ? '0' : number(value / unit[0]) + unit[1];
  return scale.tickFormat(count, most < 1e-5 ? '~e' : undefined);
}

/** The room that the ticks of a scale from one value to another take on its left. */
const tickRoom = (...ends) => unitOf(Math.max(...ends.map(Math.abs))) ? 72 : 46;

function escaped(text) {
  return String(text).replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);
}

/** A day and month where a text begins with a date, else the text. */
function shortTime(text) {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d))?/.exec(text);
  if (!match) return text.slice(0, 12);
  const date = d3.utcFormat('%-d %b')(new Date(Date.UTC(match[1], match[2] - 1, match[3])));
  return match[4] && match[4] !== '00:00' ? `${date} ${match[4]}` : date;
}

/** A colour that the style sheet names, as it is in light or dark. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

const palettes = new Map();

/** 256 colours from one end to the other: of signed numbers, or of weights. */
function palette(kind) {
  if (!palettes.has(kind)) {
    const ends = kind === 'signed' ? ['minus', 'zero', 'plus'] : ['zero', 'weight'];
    const at = d3.piecewise(d3.interpolateRgb.gamma(1.6), ends.map(colour));
    palettes.set(kind, range(256).map(i => d3.rgb(at(i / 255))));
  }
  return palettes.get(kind);
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => palettes.clear());

/** Paints a matrix, a pixel a number; the style makes the pixels larger. */
function paint(canvas, {rows, columns, values}, kind) {
  const sorted = Float32Array.from(values, Math.abs).sort();
  const limit = sorted[Math.floor(0.99 * (sorted.length - 1))] || 1; // one outlier must not pale the rest
  const colours = palette(kind), image = new ImageData(columns, rows);
  values.forEach((value, i) => {
    const share = Math.max(0, Math.min(1, kind === 'signed' ? (value / limit + 1) / 2 : value / limit));
    const {r, g, b} = colours[Math.round(255 * share)];
    image.data.set([r, g, b, 255], 4 * i);
  });
  Object.assign(canvas, {width: columns, height: rows});
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/**
 * A matrix as a grid of colours, with its shape and the value under the pointer below it.
 *
 * @param what {title, kind: 'signed' or 'weight', height: pixels a row, rowName(row), columnName, onCell(row, column)}
 * @return a function that draws {rows, columns, values}, with the rows [from, to) marked
 */
function makeGrid(host, what) {
  const columnName = what.columnName ?? 'feature';
  const box = d3.select(host).append('figure').attr('class', 'grid');
  box.append('figcaption').html(`<b>${what.title}</b> <span class="shape"></span><span class="at"></span>`);
  const frame = box.append('div').attr('class', 'frame');
  const canvas = frame.append('canvas').attr('role', 'img');
  const marks = frame.append('div').attr('class', 'mark');
  let shown;
  canvas.on('pointermove', event => {
    const [px, py] = d3.pointer(event), node = canvas.node();
    const row = Math.min(shown.rows - 1, Math.floor(py / node.clientHeight * shown.rows));
    const column = Math.min(shown.columns - 1, Math.floor(px / node.clientWidth * shown.columns));
    const value = shown.values[row * shown.columns + column];
    box.select('.at').text(`${what.rowName(row)}, ${columnName} ${column + 1}: ${figure(value)}`);
    what.onCell?.(row, column);
  }).on('pointerleave', () => box.select('.at').text(''));

  return (matrix, from = 0, to = 0) => {
    shown = matrix;
    const {rows, columns, values} = matrix;
    paint(canvas.node(), matrix, what.kind);
    canvas.style('height', rows * what.height + 'px').attr('aria-label', `${what.title}: ${rows} tokens × ${columns} `
      + `${columnName}s, from ${figure(d3.min(values))} to ${figure(d3.max(values))}`);
    box.select('.shape').text(`${rows} × ${columns}`);
    marks.style('top', 100 * from / rows + '%').style('height', 100 * (to - from) / rows + '%')
      .attr('hidden', to > from ? null : true);
  };
}

/**
 * A small picture with lines, in scaled units or in those of the series.
 *
 * @return a function that draws rows {kind, values, offset} and areas {kind, low, high, offset} over {steps, marks}
 */
function makeLines(host, {height, label}) {
  const svg = d3.select(host).append('svg').attr('class', 'small').attr('role', 'img').style('height', height + 'px');
  return ({rows, areas = [], steps, ticks, tickText: timeText, from = 0}) => {
    const width = host.clientWidth || 320;
    const all = [...rows.flatMap(row => [...row.values]), ...areas.flatMap(area => [...area.low, ...area.high])];
    const [low, high] = d3.extent(all.filter(Number.isFinite));
    const y = d3.scaleLinear(low < high ? [low, high] : [low - 1, high + 1], [height - 20, 8]);
    const left = tickRoom(...y.domain()) - 6;
    const x = d3.scaleLinear([from, steps], [left, width - 8]);
    svg.attr('viewBox', `0 0 ${width} ${height}`).attr('aria-label', label(rows));
    const grid = svg.selectAll('g.grid-lines').data([0]).join('g').attr('class', 'grid-lines');
    grid.selectAll('line').data(y.ticks(4)).join('line').attr('x1', left).attr('x2', width - 8).attr('y1', y).attr('y2', y);
    grid.selectAll('text.value').data(y.ticks(4)).join('text').attr('class', 'value').attr('x', left - 6).attr('y', v => y(v) + 4)
      .text(tickText(y, 4));
    grid.selectAll('text.time').data(ticks).join('text').attr('class', 'time').attr('x', t => x(t)).attr('y', height - 4)
      .style('text-anchor', t => x(t) > width - 30 ? 'end' : x(t) < left + 20 ? 'start' : 'middle').text(timeText);
    svg.selectAll('path.area').data(areas).join('path').attr('class', area => 'area ' + area.kind)
      .attr('d', area => d3.area().x((_, i) => x(area.offset + i + 0.5)).y0(y).y1((_, i) => y(area.high[i]))(area.low));
    svg.selectAll('path.line').data(rows).join('path').attr('class', row => 'line ' + row.kind)
      .attr('d', row => d3.line().defined(Number.isFinite).x((_, i) => x(row.offset + i + 0.5)).y(y)(row.values));
  };
}

/** The numbers of a token's rows or columns, where P × D may be seen as P·f × D/f. */
function tokenNumbers(matrix, token, tokens) {
  const size = matrix.values.length / tokens;
  return matrix.values.subarray(token * size, (token + 1) * size);
}

function norm(values) {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}
