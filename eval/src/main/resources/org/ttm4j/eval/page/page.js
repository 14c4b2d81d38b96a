/* The page: which series is shown, what was changed of it, what is chosen; and when what is computed and drawn. */
'use strict';

const DATA = JSON.parse(element('data').textContent);
/** Text of the documentation and of Ttm.java, by path. */
const SOURCES = JSON.parse(element('sources').textContent);
const model = readModel(DATA.config, bytesOf(element('weights').textContent));
const LENGTH = model.config.context_length, PATCH = model.config.patch_length, STEPS = model.config.prediction_length;
/** Levels of the quantiles between which a band lies, the wide one first. */
const BANDS = [[0.1, 0.9], [0.3, 0.7]];
const BRUSHES = [1, 3, 6, 12, 24, 48, 96];
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** What is shown. */
const state = {
  all: [], // series to choose from: the columns of a file, or a preset
  series: null, token: 0, season: {steps: 1, name: 'value'},
  seasonal: null, // the seasonal part of every value
  dragged: null, // what drags added
  erased: new Set(), trend: 0, seasonFactor: 1, point: 0,
  chosen: 7, hovered: null, stage: null,
};
/** What was computed of it: a forward pass and what follows; shares and paths may be those before a change. */
const result = {moving: false, trace: null, baseForecast: null, baseScale: 1, shares: null, paths: new Map()};

/* --------------------------------------------------------------------- history */

/** The history as it was changed. */
function edited() {
  const {values} = state.series, before = LENGTH - values.length;
  return Float64Array.from(values, (value, t) => state.erased.has(Math.floor((before + t) / PATCH)) ? NaN
    : value + state.dragged[t] + (state.seasonFactor - 1) * state.seasonal[t]
      + state.trend * result.baseScale * t / values.length);
}

/** L values, of which a shorter history fills the last. */
function context(values) {
  const padded = new Float64Array(LENGTH).fill(NaN);
  padded.set(values, LENGTH - values.length);
  return padded;
}

/** Shows the last L values of a series. */
function show(series) {
  const values = Float64Array.from(series.values.slice(-LENGTH), x => x ?? NaN);
  state.series = {...series, values, times: series.times?.slice(Math.max(0, series.values.length - LENGTH))};
  state.token = tokenOf(series.seconds);
  state.season = series.season ?? seasonOf(series.seconds, LENGTH);
  state.seasonal = seasonalPart(values, state.season.steps);
  state.point = LENGTH - 20;
  result.shares = null;
  reset();
}

/** Takes every change back. */
function reset() {
  Object.assign(state, {dragged: new Float64Array(state.series.values.length), erased: new Set(), trend: 0, seasonFactor: 1});
  element('trend').value = 0;
  element('season').value = 1;
  const trace = forward(model, state.series.values, state.token);
  Object.assign(result, {baseForecast: trace.forecast, baseScale: trace.scale});
  changed(450);
}

/* ------------------------------------------------------------------ computation */

let frame = 0, work = 0, animation = 0;

/** The history has changed: the forecast follows in the next frame, all else as soon as nothing moves. */
function changed(duration = 0) {
  animation = still.matches ? 0 : duration;
  document.querySelector('.bench').setAttribute('aria-busy', true);
  result.moving = true;
  frame ||= requestAnimationFrame(compute);
}

function compute() {
  frame = 0;
  const values = edited();
  result.trace = forward(model, values, state.token);
  result.paths.clear();
  draw(animation);
  clearTimeout(work);
  const steps = background(values);
  const next = () => { if (!steps.next().done) work = setTimeout(next); };
  work = setTimeout(next, 120 + animation); // a drawing in between would end the animation
}

/** What takes several passes, a pass at a time: the share of each patch. */
function* background(values) {
  result.moving = false;
  draw();
  const moves = [];
  for (const p of range(LENGTH / PATCH)) {
    yield;
    moves.push(movedBy(p, values));
  }
  const sum = d3.sum(moves);
  result.shares = moves.map(move => sum > 0 ? move / sum : 0);
  draw();
  announce();
  document.querySelector('.bench').setAttribute('aria-busy', false);
}

/** How far the forecast moves on average when a patch is missing. */
function movedBy(patch, values) {
  const without = withoutPatch(patch, values);
  if (without.every(Number.isNaN)) return 0;
  const {forecast} = forward(model, without, state.token);
  return d3.mean(forecast, (value, h) => Math.abs(value - result.trace.forecast[h]));
}

function withoutPatch(patch, values) {
  return context(values).map((value, t) => Math.floor(t / PATCH) === patch ? NaN : value);
}

/** The pass without a patch, on the scale of the pass with it. */
function pathOf(patch) {
  if (!result.paths.has(patch)) {
    result.paths.set(patch, forward(model, withoutPatch(patch, edited()), state.token, result.trace));
  }
  return result.paths.get(patch);
}

/* ---------------------------------------------------------------------- drawing */

/** All that the chart and the stages draw. */
function view() {
  const values = edited(), start = state.series.values.length - LENGTH, {trace} = result;
  const {times} = state.series;
  return {
    model, trace, token: state.token, patchLength: PATCH, pathOf, moving: result.moving,
    values: context(values), base: context(state.series.values), filled: trace.context.values,
    forecast: trace.forecast, baseForecast: result.baseForecast, loc: trace.loc, scale: trace.scale,
    naive: naive(values, state.season.steps, STEPS),
    bands: BANDS.map(levels => levels.map(level => trace.quantiles[model.config.quantile_levels.indexOf(level)])),
    shares: result.shares, erased: state.erased, patch: state.hovered ?? state.chosen, point: state.point,
    stage: state.stage, decimals: decimalsOf(state.series.values),
    timeAt: t => times?.[start + t] ?? (t < LENGTH ? `step ${t - LENGTH + 1}` : `step +${t - LENGTH + 1}`),
  };
}

const actions = {
  patch(patch) {
    if (state.hovered === patch) return;
    state.hovered = patch;
    later();
  },
  choose(patch) {
    state.chosen = patch;
    later();
  },
  erase(patch) {
    if (!state.erased.delete(patch)) state.erased.add(patch);
    if (edited().every(Number.isNaN)) state.erased.delete(patch); // something must be left to go by
    changed(300);
  },
  point(step) {
    state.point = step;
    later();
  },
  grab(step) {
    grabbed = {step, dragged: state.dragged.slice(), value: result.trace.context.values[step]};
    state.point = step;
  },
  /** The grabbed value, and with it its neighbours, the less the farther they are. */
  drag(value) {
    const at = grabbed.step + state.series.values.length - LENGTH, width = BRUSHES[element('brush').value];
    for (let i = Math.max(0, at - width + 1); i < Math.min(state.dragged.length, at + width); i++) {
      state.dragged[i] = grabbed.dragged[i] + (value - grabbed.value) * (1 + Math.cos(Math.PI * (i - at) / width)) / 2;
    }
    changed();
  },
  release() { grabbed = null; },
};
let grabbed = null, drawing = 0;

/** Draws in the next frame, for what is chosen and not computed. */
function later() {
  drawing ||= requestAnimationFrame(() => { drawing = 0; if (result.trace) draw(); });
}

const chart = makeChart(element('plot'), actions);
element('strip').style.marginLeft = MARGIN.left + 'px';
element('strip').style.width = `calc((100% - ${MARGIN.left + MARGIN.right}px) * ${LENGTH / (LENGTH + STRETCH * STEPS)})`;
const figures = [{place: element('figure-overview'), of: overviewFigure(actions)}, ...STAGES.flatMap(({id, figures: all}) =>
  all.map(make => ({place: element(id), of: make(actions)})))];
let drawn = false;

function draw(duration = 0) {
  const now = view();
  chart.draw(now, duration);
  drawControls(now);
  drawStrip(now);
  drawCard(now);
  for (const {place, of} of figures) {
    const {top, bottom} = place.getBoundingClientRect();
    if (!now.moving || !drawn || top < innerHeight && bottom > 0) of(now);
  }
  drawn = true;
}

function drawControls() {
  element('legend').innerHTML = `<span class="series-name">${escaped(state.series.name)}</span>` + [
    ['history', 'history'], ['forecast', 'forecast, drawn twice as wide'], ['wide', '40 and 80 %'],
    ['naive', state.season.steps > 1 ? `naive: last ${state.season.name} repeated` : 'naive: last value repeated'],
    ...isChanged() ? [['ghost', 'before the change']] : [],
  ].map(([key, text]) => `<span><i class="key ${key}"></i>${text}</span>`).join('');
  const trend = Math.abs(state.trend).toFixed(1) + ' deviations';
  element('trend-text').textContent = state.trend === 0 ? 'as it is' : (state.trend > 0 ? '+' : '−') + trend;
  element('season-text').textContent = state.season.steps === 1 ? 'none known' : `× ${state.seasonFactor.toFixed(2)}`;
  element('season').disabled = state.season.steps === 1;
  const width = 2 * BRUSHES[element('brush').value] - 1;
  element('brush-text').textContent = width === 1 ? '1 step' : `${width} steps`;
  element('brush').setAttribute('aria-valuetext', element('brush-text').textContent);
  element('reset').disabled = !isChanged();
}

function isChanged() {
  return state.erased.size > 0 || state.trend !== 0 || state.seasonFactor !== 1 || state.dragged.some(x => x !== 0);
}

/** A button a patch, below it in the chart. */
function drawStrip({shares, patch, erased, timeAt}) {
  d3.select(element('strip')).selectAll('button').data(range(LENGTH / PATCH)).join('button').attr('type', 'button')
    .attr('class', p => (p === patch ? 'chosen' : '') + (erased.has(p) ? ' erased' : ''))
    .attr('aria-pressed', p => p === state.chosen)
    .attr('aria-label', p => `Patch ${p + 1}, from ${timeAt(p * PATCH)}`
      + (shares ? ', share ' + percent(shares[p]) : '') + (erased.has(p) ? ', erased' : ''))
    .html(p => `<b>${p + 1}</b><span>${shares ? Math.round(100 * shares[p]) + '<i>\u202f%</i>' : '…'}</span>`)
    .on('click', (_, p) => actions.choose(p)).on('dblclick', (_, p) => actions.erase(p))
    .on('pointerenter', (_, p) => actions.patch(p)).on('pointerleave', () => actions.patch(null))
    .on('focus', (_, p) => actions.choose(p))
    .on('keydown', (event, p) => { if (['Delete', 'Backspace', 'e'].includes(event.key)) actions.erase(p); });
}

let reached = [];

/** What is known of the patch that is looked at. */
function drawCard({patch, shares, erased, trace, timeAt, moving}) {
  const layers = [...trace.levels, trace.decoder].flatMap(of => of.layers);
  const ratios = layers.map(layer => gateRatios(layer.patchGate, trace.tokens.rows)[patch + 1]);
  // To follow it takes a pass of its own: not while something moves.
  if (!moving) reached = changesAlong(trace, pathOf(patch)).map(({changes}) => changes.filter(c => c > REACHED).length);
  const card = d3.select(element('card'));
  card.selectAll('p').data([0]).join('p').html(`<b>Patch ${patch + 1}</b>
    <span>${escaped(timeAt(patch * PATCH))} to ${escaped(timeAt((patch + 1) * PATCH - 1))}</span>
    <span>share of the forecast <b>${shares ? percent(shares[patch]) : '…'}</b></span>
    <span>tokens that change by more than 5 % without it, from the embedding to the decoder:
      <b>${reached.join(' → ')}</b> of ${trace.tokens.rows}</span>
    <span class="gate-bars">how far the gates are open for it, layer by layer
      <i>${ratios.map(ratio => `<u style="--height: ${Math.min(1, ratio / 3)}"></u>`).join('')}</i></span>`);
  card.selectAll('button').data([patch]).join('button').attr('type', 'button')
    .text(p => `${erased.has(p) ? 'Restore' : 'Erase'} patch ${p + 1}`)
    .on('click', () => actions.erase(state.hovered ?? state.chosen)); // as chosen by now, drawn or not
}

/** Says in words what has come of a change. */
function announce() {
  const {forecast} = result.trace, mean = d3.mean(forecast), before = d3.mean(result.baseForecast);
  const inUnits = value => figure(value, decimalsOf(state.series.values));
  say(`The forecast is ${inUnits(mean)} on average, from ${inUnits(d3.min(forecast))} to ${inUnits(d3.max(forecast))}`
    + (isChanged() ? `; before the change it was ${inUnits(before)}.` : '.'));
}

function say(text) {
  element('message').textContent = text;
}

/* ------------------------------------------------------------------------ stages */

STAGES.forEach((stage, i) => {
  const link = document.createElement('li');
  link.innerHTML = `<a href="#stage=${stage.id}">${stage.title}</a>`;
  element('stages').append(link);
  const foot = document.createElement('div');
  foot.className = 'foot';
  const place = (path, text) => `<a href="#source=${path}">${text} <code>${path.replace(/.*\//, '')}</code></a>`;
  const to = (other, text) => STAGES[other] ? `<a href="#stage=${STAGES[other].id}">${text(STAGES[other].title)}</a>` : '';
  const parts = javaOf(stage);
  const java = document.createElement('div');
  java.className = 'java';
  const numbers = parts.map(({from, to}) => from + 1 < to ? `${from + 1}–${to}` : to).join(', ');
  java.innerHTML = `<p class="caption">${place(JAVA, 'In Java:')}, ${/\D/.test(numbers) ? 'lines' : 'line'} ${numbers}</p>`
    + `<pre tabindex="0">${parts.map(({text}) => javaLines(text)).join('<span>\n</span>')}</pre>`;
  foot.innerHTML = place(stage.formula, 'Formula') + (stage.keys ? `<span>Weights <code>${stage.keys}</code></span>` : '')
    + `<span class="steps">${to(i - 1, title => '← ' + title)}${to(i + 1, title => title + ' →')}</span>`;
  element(stage.id).append(java, foot);
});

/** Lines of Java, the continuation of each indented where it does not fit; comments stand back. */
function javaLines(lines) {
  const indent = line => line.search(/\S|$/);
  return lines.map(line => `<span style="--indent: ${indent(line) - indent(lines[0])}">`
    + escaped(line.trim()).replace(/^\/?\*.*|\/\/.*/, '<i>$&</i>') + '\n</span>').join('');
}

/** The address of the source that is shown. */
let shown = '';

/** The Markdown of the documentation as HTML: blocks between empty lines; of links, their text. */
function ofMarkdown(text) {
  const inline = line => escaped(line.replace(/\[([^\]]+)\](\([^)]*\)|\[[^\]]*\])?/g, '$1').replace(/\\(?=[|*_])/g, ''))
    .replace(/`([^`]+)`/g, '<code>$1</code>').replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/(^|[ (])\*([^* ][^*]*)\*/g, '$1<i>$2</i>');
  const cells = (row, tag) => '<tr>' + row.replace(/^\||\|\s*$/g, '').split(/(?<!\\)\|/)
    .map(cell => `<${tag}>${inline(cell.trim())}</${tag}>`).join('') + '</tr>';
  return text.split(/^(```[^]*?^```)$/m).map(part => {
    if (part.startsWith('```')) return `<pre>${escaped(part.replace(/^.*\n|```$/g, ''))}</pre>`;
    return part.replace(/^\[[^\]]+\]: .*$/gm, '').replace(/^#+ .*$/gm, '\n$&\n').split(/\n\s*\n/).map(block => {
      const lines = block.trim().split('\n'), [first] = lines;
      if (!first) return '';
      if (first.startsWith('#')) return `<h${/^##? /.test(first) ? 3 : 4}>${inline(first.replace(/^#+ /, ''))}</h${/^##? /.test(first) ? 3 : 4}>`;
      if (first.startsWith('|')) return '<table>' + lines.map((row, i) => i === 1 ? '' : cells(row, i ? 'td' : 'th')).join('') + '</table>';
      const list = /^(-|\d+\.) /;
      if (!list.test(first)) return `<p>${inline(lines.join(' '))}</p>`;
      return `<ul>${lines.join('\n').split(/\n(?=(?:-|\d+\.) )/).map(item => `<li>${inline(item.replace(list, '').replaceAll('\n', ' '))}</li>`).join('')}</ul>`;
    }).join('');
  }).join('');
}

/** Shows a source, or what stands below a heading of the documentation. */
function openSource(path, heading) {
  const text = SOURCES[path];
  if (text === undefined) return;
  shown = location.hash;
  const titled = part => part.split('\n')[0].replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-') === heading;
  element('source-name').textContent = path;
  const part = heading ? text.split(/^(?=## )/m).find(titled) ?? text : text;
  element('source-text').innerHTML = path.endsWith('.md') ? ofMarkdown(part) : `<pre>${escaped(part)}</pre>`;
  if (!element('source').open) element('source').showModal();
}
element('source').onclose = () => {
  // The browser says so a little later: another source may be called for by then.
  if (location.hash === shown) history.replaceState(null, '', state.stage ? '#stage=' + state.stage : ' ');
};

/** Marks the stage that is read. */
function enter(id) {
  state.stage = id;
  document.querySelectorAll('#stages a').forEach(a => {
    if (a.hash === '#stage=' + id) {
      a.setAttribute('aria-current', 'step');
      element('stages').scrollTo({left: a.offsetLeft - 40});
    } else a.removeAttribute('aria-current');
  });
  later();
}

/**
 * Goes where the address says: #stage=gates, #figure=gates for the figures of a stage and nothing else, or
 * #source=docs/model.md#shapes.
 */
function follow(behavior = still.matches ? 'instant' : 'smooth') {
  const [, path, heading] = /source=([\w./]+)#?(.*)/.exec(location.hash) ?? [];
  if (path) openSource(path, heading);
  else element('source').close();
  const only = /figure=(\w+)/.exec(location.hash)?.[1];
  document.querySelector('.alone')?.classList.remove('alone');
  (element(only) ?? element('figure-' + only))?.classList.add('alone');
  later();
  const id = /stage=(\w+)/.exec(location.hash)?.[1];
  if (STAGES.some(stage => stage.id === id)) {
    element(id).scrollIntoView({behavior});
    enter(id);
  }
}
addEventListener('hashchange', () => follow());

const seen = new Set();
const reading = new IntersectionObserver(entries => {
  entries.forEach(entry => entry.isIntersecting ? seen.add(entry.target.id) : seen.delete(entry.target.id));
  const first = STAGES.find(stage => seen.has(stage.id));
  if (location.hash.startsWith('#source=') || !first || first.id === state.stage || scrollY === 0) return;
  enter(first.id);
  history.replaceState(null, '', '#stage=' + first.id);
}, {rootMargin: '-45% 0px -50% 0px'});

/* ---------------------------------------------------------------------- controls */

const choices = {...DATA.series.length ? {file: {title: 'Your file'}} : {}, ...PRESETS};
for (const [key, {title}] of Object.entries(choices)) {
  const button = document.createElement('button');
  Object.assign(button, {type: 'button', textContent: title, onclick: () => choose(key)});
  button.dataset.key = key;
  element('presets').append(button);
}
let files = DATA.series;

function choose(key) {
  document.querySelectorAll('#presets button').forEach(b => b.setAttribute('aria-pressed', b.dataset.key === key));
  openAll(key === 'file' ? files : [preset(key)]);
}

/** Shows the first of some series, and lets one choose among them. */
function openAll(series) {
  state.all = series;
  element('column').replaceChildren(...series.map(({name}, i) => new Option(name, i)));
  element('column').hidden = series.length < 2;
  show(series[0]);
}
element('column').onchange = event => show(state.all[event.target.value]);

async function read(file) {
  try {
    files = readCsv(await file.text(), file.name);
    if (!element('presets').querySelector('[data-key=file]')) {
      const button = document.createElement('button');
      Object.assign(button, {type: 'button', textContent: 'Your file', onclick: () => choose('file')});
      button.dataset.key = 'file';
      element('presets').prepend(button);
    }
    choose('file');
  } catch (problem) {
    say(problem.message);
  }
}
element('file').onchange = event => {
  if (event.target.files[0]) read(event.target.files[0]);
  event.target.value = ''; // so that the same file can be chosen again
};
addEventListener('dragover', event => {
  event.preventDefault();
  document.body.classList.add('dropping');
});
addEventListener('dragleave', event => event.relatedTarget ?? document.body.classList.remove('dropping'));
addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  if (event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
});

element('trend').oninput = event => { state.trend = +event.target.value; changed(); };
element('season').oninput = event => { state.seasonFactor = +event.target.value; changed(); };
element('brush').oninput = () => later();
element('reset').onclick = () => reset();
element('numbers').closest('details').ontoggle = () => later();
element('model').textContent = DATA.model;
if (DATA.service) element('service').innerHTML = '<a href="./">Forecast a table of your own</a>';
new ResizeObserver(() => later()).observe(document.body);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => later());

choose(Object.keys(choices)[0]);
cancelAnimationFrame(frame);
compute(); // at once, so that the stages have their heights
follow('instant');
STAGES.forEach(stage => reading.observe(element(stage.id)));
