/*
 * The studio: a table goes to the service as it is, and what comes back is shown. The service reads the table, so that
 * every file that bin/ttm reads is read here too.
 */
'use strict';

const HISTORY = 4000;
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const BANDS = [['0.1', '0.9'], ['0.3', '0.7']];
const $ = id => document.getElementById(id);

/** What was last sent: {name, body, type}; and what came back: forecasts, and unusual values once they are asked for. */
let sent = null, answer = null, unusual = null;
/** What a file shows that bin/ttm forecast wrote, which has no service to ask; null on the page of one. */
const shown = JSON.parse($('shown').textContent);
const chart = makeChart($('plot'), reading);

/* ------------------------------------------------------------------ asking the service */

async function send(name, body, type) {
  sent = {name, body, type};
  answer = unusual = null;
  stopBacktest();
  for (const choice of ['series', 'channel', 'id', 'driver']) $(choice).value = '';
  $('options').hidden = $('result').hidden = true;
  await forecast();
}

let asked = 0;

/** Asks the service, with the token if there is one; what it refuses is thrown. */
async function request(route, options = {}) {
  const headers = {Accept: 'application/json', ...options.headers};
  if ($('token').value) headers.Authorization = 'Bearer ' + $('token').value;
  const response = await fetch(route, {...options, headers});
  if (response.ok) return response;
  if (response.status === 401) {
    $('token-form').hidden = false;
    $('token').focus();
  }
  const found = await response.json();
  throw new Error(found.detail ?? found.title);
}

/** The table as a request sends it. */
function tableBody() {
  const packed = /\.gz$/i.test(sent.name) ? {'Content-Encoding': 'gzip'} : {};
  return {method: 'POST', headers: {'Content-Type': sent.type, ...packed}, body: sent.body};
}

/** Sends something, and shows its answer unless another was asked for meanwhile; what is wrong is said. */
async function ask(route, text, then, body = tableBody()) {
  const mine = ++asked;
  say(text);
  document.body.setAttribute('aria-busy', 'true');
  try {
    const found = await (await request(route, body)).json();
    if (mine === asked) then(found);
  } catch (problem) {
    if (mine === asked) say(problem.message, true);
  } finally {
    if (mine === asked) document.body.removeAttribute('aria-busy');
  }
}

/** Awaits no answer any more. */
function withdraw() {
  asked++;
  document.body.removeAttribute('aria-busy');
  say('');
}

function forecast() {
  const components = $('mode').value === 'fast' ? '' : 'true';
  return ask('v1/forecast?' + query({history: HISTORY, components}), `Forecasting ${sent.name} …`, found => {
    answer = found;
    unusual = null;
    stopBacktest();
    choices();
    show();
  });
}

/** Goes through the history as if its values had come one by one. */
function search() {
  return ask('v1/anomalies?' + query({horizon: ''}), 'Going through the history as if it came value by value …', found => {
    unusual = found;
    showUnusual();
    say('');
  });
}

/** The options that are not left to the service. */
function query(more = {}) {
  const chosen = {horizon: $('horizon').value, mode: $('mode').value === 'balanced' ? '' : $('mode').value,
    id: $('id').value, ...more};
  return new URLSearchParams(Object.entries(chosen).filter(([, value]) => value)).toString();
}

function say(text, wrong = false) {
  $('message').textContent = text;
  $('message').classList.toggle('wrong', wrong);
}

async function open(file) {
  await send(file.name, await file.arrayBuffer(), /\.(xlsx|zip)$/i.test(file.name) ? WORKBOOK : 'text/csv');
}

/** Two months of a load by the hour, made up. */
function example() {
  const rows = ['time,load'];
  for (let t = 0; t < 24 * 60; t++) {
    const hour = t % 24, day = Math.floor(t / 24), weekend = day % 7 > 4;
    const load = 60 + (weekend ? 8 : 17) * (Math.sin(hour * Math.PI / 12 - 2) + 0.45 * Math.sin(hour * Math.PI / 6 + 0.6))
      - (weekend ? 9 : 0) + 3 * Math.sin(12.9898 * t) * Math.sin(78.233 * t);
    rows.push(new Date(Date.UTC(2026, 0, 5, t)).toISOString().slice(0, 16).replace('T', ' ') + ',' + load.toFixed(1));
  }
  return rows.join('\n') + '\n';
}

/** A header for numbers that were pasted without one; a comma is a decimal one where something else stands between them. */
function withHeader(text) {
  const trimmed = text.trim(), numbers = trimmed.split(/[\s;]/.test(trimmed) ? /[\s;]+/ : /,/);
  if (!numbers.every(number => /^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(number))) return trimmed + '\n';
  return 'value\n' + numbers.map(number => `"${number}"`).join('\n') + '\n';
}

/* ---------------------------------------------------------------------- what came back */

function choices() {
  fill($('series'), answer.forecasts.map((one, i) => [i, one.id ?? 'the series']));
  $('series-box').hidden = answer.forecasts.length < 2;
  const columns = answer.columns.filter(name => name !== answer.time);
  fill($('id'), [['', 'nothing'], ...columns.map(name => [name, name])], $('id').value);
  $('id-box').hidden = columns.length < 2;
  $('options').hidden = $('result').hidden = false;
}

function fill(select, options, value = select.value) {
  select.replaceChildren(...options.map(([of, text]) => new Option(text, of)));
  select.value = options.some(([of]) => String(of) === String(value)) ? value : options[0]?.[0];
}

/** The series and column that are shown: what the chart draws, and what else is said of it. */
/** Notes with the names of channels in place of their numbers. */
function named(notes, channels) {
  return notes.map(note => note.replace(/\bchannel (\d+)\b/g, (number, c) => channels[c] ?? number));
}

function chosen() {
  const one = answer.forecasts[+$('series').value];
  fill($('channel'), one.channels.map((name, c) => [c, name]));
  $('channel-box').hidden = one.channels.length < 2;
  const c = +$('channel').value, number = v => v ?? NaN, of = level => one.quantiles[level][c];
  const bands = BANDS.filter(ends => ends.every(level => one.quantiles?.[level])).map(([low, high]) => [of(low), of(high)]);
  return {
    name: one.channels[c], series: one.id, notes: named(one.notes, one.channels), model: one.model, weights: one.weights?.[c],
    components: one.components?.[c],
    times: [...one.history.times, ...one.times], values: one.history.values[c].map(number), forecast: one.values[c], bands,
    decimals: decimalsOf(one.history.values[c].map(number)),
  };
}

let view = null;

function show() {
  view = chosen();
  $('chart-title').textContent = view.series === undefined ? view.name : `${view.series}: ${view.name}`;
  $('legend').innerHTML = '<span><i class="key history"></i>history</span><span><i class="key forecast"></i>forecast</span>'
    + '<span id="other-key" hidden><i class="key other"></i>what if</span>'
    + (view.bands.length ? '<span><i class="key band"></i>80 of 100 values are expected in the wide band, '
      + '40 in the narrow one</span>' : '');
  chart.draw(view);
  const reasons = [...answer.repaired.map(line => 'While reading: ' + line), ...view.notes,
    ...answer.left_out.map(one => `${one.id ?? 'A series'} is left out: ${one.detail}`)];
  $('notes').replaceChildren(...(reasons.length ? reasons : ['Nothing had to be repaired.']).map(text => element('li', text)));
  parts();
  totals();
  numbers();
  code();
  showUnusual();
  drivers();
  say(`${view.forecast.length} steps after ${timeText(view.times[view.values.length - 1])}.`);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function parts() {
  const weights = Object.entries(view.weights ?? {}).filter(([, weight]) => weight >= 0.005).sort((a, b) => b[1] - a[1]);
  $('parts-box').hidden = !weights.length;
  $('parts').replaceChildren(...weights.map(([name, weight]) => {
    const row = element('li', ''), bar = element('b', '');
    bar.style.setProperty('--of', weight / weights[0][1]);
    const track = element('span', '');
    track.append(bar);
    bar.style.display = 'block';
    row.append(element('span', name), track, element('span', Math.round(100 * weight) + ' %'));
    return row;
  }));
  const steps = Object.entries(view.components ?? {});
  $('steps-title').hidden = !steps.length;
  const span = d3.max(steps, ([, values]) => d3.max(values) - d3.min(values)) || 1;
  $('steps').replaceChildren(...steps.map(([name, values]) => {
    const row = element('li', ''), middle = (d3.max(values) + d3.min(values)) / 2;
    const line = d3.line((_, h) => 100 * h / Math.max(1, values.length - 1), v => 15 - 26 * (v - middle) / span);
    const svg = d3.create('svg').attr('viewBox', '0 0 100 30').attr('preserveAspectRatio', 'none').attr('aria-hidden', 'true');
    svg.append('path').attr('class', 'forecast').attr('d', line(values));
    const [low, high] = [d3.min(values), d3.max(values)].map(v => written(v, view.decimals));
    row.append(element('span', name), svg.node(), element('span', low === high ? low : `${low} to ${high}`));
    return row;
  }));
}

/** Sums of the forecast by calendar week and month, where steps are shorter than these. */
function totals() {
  const ahead = view.times.slice(view.values.length), moments = ahead.map(momentOf);
  const step = moments[1] - moments[0];
  const keys = [['week from', 7 * 864e5, at => new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * 864e5)],
    ['month', 28 * 864e5, at => new Date(at)]];
  const rows = [['all ' + ahead.length + ' steps', d3.sum(view.forecast), ahead.length]];
  for (const [kind, length, start] of keys) {
    if (!(step < length)) continue;
    const groups = d3.rollups(d3.range(ahead.length), of => [d3.sum(of, h => view.forecast[h]), of.length],
      h => kind + ' ' + start(moments[h]).toISOString().slice(0, kind === 'month' ? 7 : 10));
    if (groups.length <= 60) rows.push(...groups.map(([name, of]) => [name, ...of]));
  }
  $('totals-box').hidden = !(step > 0);
  table($('totals'), ['of', 'sum of the forecasts', 'steps'],
    rows.map(([name, sum, steps]) => [name, written(sum, view.decimals), steps]));
}

function numbers() {
  const levels = Object.keys(answer.forecasts[+$('series').value].quantiles ?? {});
  const c = +$('channel').value, of = answer.forecasts[+$('series').value];
  table($('numbers'), ['time', 'forecast', ...levels.map(level => 'q' + level)], view.forecast.map((value, h) => [
    timeText(view.times[view.values.length + h]), ...[value, ...levels.map(level => of.quantiles[level][c][h])].map(v => written(v, view.decimals))]));
}

/** Those of the series and column that are shown. */
function showUnusual() {
  $('unusual-box').hidden = !unusual;
  const series = unusual?.series.find(one => one.id === view.series);
  const found = series?.anomalies.filter(one => one.channel === view.name) ?? [];
  const before = (series?.steps ?? 0) - view.values.length;
  chart.mark(found.flatMap(one => d3.range(one.rows).map(row => one.index - before + row))
    .filter(t => Number.isFinite(view.values[t])));
  if (!unusual) return;
  $('unusual-text').textContent = !series ? 'This series could not be searched: '
      + unusual.left_out.filter(one => one.id === view.series).map(one => one.detail).join(' ')
    : `${found.length} found. An interval holds 99 of 100 values: about one of 100 is outside of it by chance.`;
  table($('unusual'), ['time', 'what', 'rows', 'value', 'expected', 'from', 'to', 'score'], [...found]
    .sort((a, b) => (b.score ?? Infinity) - (a.score ?? Infinity)).map(one => [timeText(one.time), one.kind, one.rows,
      ...[one.value, one.forecast, one.lower, one.upper].map(v => written(v, view.decimals)),
      one.score === undefined ? '' : written(one.score, 1)]));
}

function table(host, header, rows) {
  const head = element('thead', ''), body = element('tbody', ''), line = element('tr', '');
  line.append(...header.map(text => Object.assign(element('th', text), {scope: 'col'})));
  head.append(line);
  body.append(...rows.map(row => {
    const made = element('tr', '');
    made.append(...row.map((cell, i) => i ? element('td', cell) : Object.assign(element('th', cell), {scope: 'row'})));
    return made;
  }));
  host.replaceChildren(head, body);
}

function reading(step) {
  if (!view || step === null) return;
  const h = step - view.values.length, digits = view.decimals;
  const text = h < 0 ? written(view.values[step], digits)
    : 'forecast ' + written(view.forecast[h], digits) + (view.bands.length
      ? `, 80 % between ${written(view.bands[0][0][h], digits)} and ${written(view.bands[0][1][h], digits)}` : '')
      + (view.other ? `, what if ${written(view.other[h], digits)}` : '');
  $('reading').textContent = `${timeText(view.times[step])}: ${text}`;
}

/* --------------------------------------------------------------------- to take with you */

const LANGUAGES = {
  curl: () => `curl -H 'Content-Type: ${sent.type}' ${packed("-H 'Content-Encoding: gzip' ")}${header("-H 'Authorization: Bearer TOKEN' ")}\\
  --data-binary @${quoted(sent.name)} '${address()}'`,
  Python: () => `import requests

with open(${JSON.stringify(sent.name)}, "rb") as table:
    answer = requests.post("${address()}", data=table,
        headers={"Content-Type": "${sent.type}", "Accept": "application/json"${packed(', "Content-Encoding": "gzip"')}${header(', "Authorization": "Bearer TOKEN"')}})
answer.raise_for_status()
for forecast in answer.json()["forecasts"]:
    print(forecast["times"], forecast["values"])`,
  Java: () => `CsvFile file = CsvReader.read(Path.of(${JSON.stringify(sent.name)}), CsvOptions.defaults()${
    $('id').value ? `.withId(${JSON.stringify($('id').value)})` : ''});
Forecaster forecaster = Forecaster.bundled()${$('mode').value === 'balanced' ? '' : `.in(ForecastMode.${$('mode').value.toUpperCase()})`};
for (TimeSeries series : file.series()) {
    Forecast forecast = forecaster.forecast(ForecastRequest.of(series.doubleValues())
        .withKnownFrequency(series.axis().frequency().toTemporalAmount())${$('horizon').value ? `\n        .withHorizon(${$('horizon').value})` : ''});
    System.out.println(Arrays.toString(forecast.doubleValues()[0]));
}`,
  Shell: () => `bin/ttm forecast ${quoted(sent.name)}${options()} --plot forecast.html`,
  SQL: () => `bin/ttm forecast --jdbc jdbc:postgresql://host/database${options()} --into forecasts \\
  --query 'SELECT id, time, value FROM readings ORDER BY id, time'`,
};
const packed = text => /\.gz$/i.test(sent.name) ? text : '';
const header = text => $('token').value ? text : '';
const quoted = text => "'" + text.replace(/'/g, "'\\''") + "'";
const address = () => new URL('v1/forecast' + (query() && '?' + query()), location.href).href;
const options = () => [['horizon', $('horizon').value], ['mode', $('mode').value === 'balanced' ? '' : $('mode').value],
  ['id', $('id').value]].filter(([, value]) => value).map(([name, value]) => ` --${name} ${/^[\w.-]+$/.test(value) ? value : quoted(value)}`).join('');

let language = shown ? 'Shell' : 'curl';

function code() {
  $('tabs').replaceChildren(...Object.keys(LANGUAGES).filter(name => !shown || !['curl', 'Python'].includes(name)).map(name => {
    const button = Object.assign(element('button', name), {type: 'button'});
    button.setAttribute('aria-pressed', name === language);
    button.onclick = () => { language = name; code(); };
    return button;
  }));
  $('code').textContent = LANGUAGES[language]();
}

function save(name, type, text) {
  const link = Object.assign(document.createElement('a'), {download: name, href: URL.createObjectURL(new Blob([text], {type}))});
  link.click();
  URL.revokeObjectURL(link.href);
}

function forecastTable() {
  const one = answer.forecasts[+$('series').value], levels = Object.keys(one.quantiles ?? {});
  const cell = text => /[",\n]/.test(text) ? `"${String(text).replace(/"/g, '""')}"` : text;
  const names = one.channels.flatMap(name => [name, ...levels.map(level => `${name}.q${level}`)]);
  return [['time', ...names], ...one.times.map((time, h) => [time, ...one.channels.flatMap((_, c) =>
    [one.values[c][h], ...levels.map(level => one.quantiles[level][c][h])])])].map(row => row.map(cell).join(',')).join('\n') + '\n';
}

/** The chart with the colours that it has on the screen. */
function picture() {
  const original = chart.svg(), copy = original.cloneNode(true);
  const drawn = original.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((node, i) => {
    const style = getComputedStyle(drawn[i]);
    for (const name of ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'font']) {
      node.style.setProperty(name, style.getPropertyValue(name));
    }
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  return new XMLSerializer().serializeToString(copy);
}

const stem = () => sent.name.replace(/\.[^.]*$/, '');

/* ---------------------------------------------------------------------------- the page */

$('file').onchange = event => event.target.files[0] && open(event.target.files[0]);
$('sample').onclick = () => send('hourly-load.csv', example(), 'text/csv');
$('pasted').onclick = () => send('pasted.csv', withHeader($('text').value), 'text/csv');
for (const form of ['options', 'token-form']) {
  $(form).onsubmit = event => {
    event.preventDefault();
    forecast();
  };
}
$('series').onchange = () => {
  show();
  if (job?.result) measured(job, job.result);
};
$('channel').onchange = show;
$('id').onchange = forecast;
$('in').onclick = () => chart.zoom(2);
$('out').onclick = () => chart.zoom(0.5);
$('all').onclick = chart.all;
$('search').onclick = search;
$('driver').onchange = $('place').onchange = chooseDriver;
$('if-ask').onclick = () => typed() && whatIf();
$('if-reset').onclick = () => known([...driver.was]) && whatIf();
$('backtest').onclick = backtest;
$('stop').onclick = stopBacktest;
$('save-table').onclick = () => save(stem() + '-forecast.csv', 'text/csv', forecastTable());
$('save-picture').onclick = () => save(stem() + '-forecast.svg', 'image/svg+xml', picture());
$('plot').onkeydown = event => {
  const action = {
    ArrowLeft: () => chart.move(-1), ArrowRight: () => chart.move(1), PageUp: () => chart.move(-24),
    PageDown: () => chart.move(24), '+': () => chart.zoom(2), '-': () => chart.zoom(0.5), 0: chart.all,
  }[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
};
// The keyboard of a phone changes the height alone.
let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  chart.resize();
  if (driver) bars();
});
addEventListener('dragover', event => {
  event.preventDefault();
  document.body.classList.add('dropping');
});
addEventListener('dragleave', () => document.body.classList.remove('dropping'));
addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
});
if (shown) {
  document.body.classList.add('shown');
  document.title = $('title').textContent = shown.name;
  sent = {name: shown.name, type: 'text/csv'};
  answer = shown;
  choices();
  show();
}
