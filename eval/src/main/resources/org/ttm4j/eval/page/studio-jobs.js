/* What the studio asks of the service beside a forecast: what if a known column were different, and backtests. */
'use strict';

const PLACE = 'public holidays';
const DRIVER = {top: 8, right: 14, bottom: 8, left: 62};

/* -------------------------------------------------------------------------------- what if */

/**
 * A column whose future is known: {name, history, future, was, categorical, base}; categorical where numbers stand for kinds of
 * holiday, and 0 for none; base is the forecast before any change.
 */
let driver = null;

/** The columns that may be known in advance: the others of the series, and holidays where there are times. */
function drivers() {
  const one = answer.forecasts[+$('series').value];
  const others = one.channels.filter(name => name !== view.name);
  fill($('driver'), [['', 'nothing'], ...others.map(name => [name, name]), ...(one.frequency ? [[PLACE, PLACE]] : [])]);
  $('if-box').hidden = $('driver').options.length < 2 || $('mode').value === 'fast';
  if ($('driver').value && !$('if-box').hidden) chooseDriver();
  else forgetDriver();
}

function forgetDriver() {
  driver = null;
  $('if-edit').hidden = true;
  $('place-box').hidden = $('driver').value !== PLACE;
  $('if-text').textContent = '';
  compare(null);
}

function compare(values) {
  chart.compare(values);
  $('other-key').hidden = !values;
}

/** Takes the past of a column, and as its future what it was as many steps ago; that of holidays the service knows. */
function chooseDriver() {
  const one = answer.forecasts[+$('series').value], name = $('driver').value, steps = view.forecast.length;
  forgetDriver();
  if (!name) return;
  if (name !== PLACE) {
    const history = one.history.values[one.channels.indexOf(name)];
    begin(name, history, d3.range(steps).map(h => history.at(h - steps) ?? history.findLast(Number.isFinite) ?? 0));
    return;
  }
  ask('v1/forecast?' + query({history: HISTORY, horizon: steps, holidays: $('place').value.trim()}),
    'Looking up holidays …', found => {
      const of = found.forecasts[+$('series').value].drivers[0];
      begin(of.name, of.history, of.future, of.categorical);
    });
}

function begin(name, history, future, categorical = false) {
  driver = {name, history, was: future, categorical, base: null};
  $('if-edit').hidden = false;
  known([...future]);
  whatIf();
}

/** Sets what is known of the future. */
function known(future) {
  driver.future = future;
  $('driver-values').value = onOff(future).join(' ');
  bars();
  return true;
}

/** Values as they are shown: kinds as 1. */
function onOff(values) {
  return driver.categorical ? values.map(value => +(value > 0)) : values;
}

/** The kind that a step gets when it is switched on: that of its day, or of the last holiday. */
function kindAt(step) {
  return driver.was[step] || (driver.history.findLast(value => value > 0) ?? 1);
}

/** Reads what was typed; false where it is not a number for each step. */
function typed() {
  const numbers = $('driver-values').value.trim().split(/[\s;]+/).map(text => Number(text.replace(',', '.')));
  const isWhole = numbers.length === driver.was.length && numbers.every(Number.isFinite);
  if (!isWhole) {
    // Or the answer to what was typed before would take the place of this.
    withdraw();
    $('if-text').textContent = `Expected ${driver.was.length} numbers, with blanks between them.`;
  }
  return isWhole && known(driver.categorical ? numbers.map((value, h) => value > 0 ? kindAt(h) : 0) : numbers);
}

/** Forecasts the series with the column as it is said to be. */
function whatIf() {
  const one = answer.forecasts[+$('series').value], c = +$('channel').value, of = driver;
  // Of more channels, the service repeats fewer steps.
  const steps = Math.min(one.history.times.length, of.history.length);
  const times = one.frequency ? {start: one.history.times.at(-steps), frequency: one.frequency} : {};
  const series = {values: [one.history.values[c], of.history].map(row => row.slice(-steps)), known_future: [of.future], ...times};
  if (of.categorical) series.categorical_drivers = [0];
  const body = JSON.stringify({series: [series], horizon: of.future.length, mode: $('mode').value});
  return ask('v1/forecast', `Forecasting with ${of.name} …`, found => {
    const other = found.forecasts[0];
    if (other.error) throw new Error(other.error.detail);
    if (of !== driver) return;
    driver.base ??= other.values[0];
    compare(other.values[0]);
    const sum = d3.sum(other.values[0]), before = d3.sum(driver.base), change = sum - before;
    const share = before ? ` (${d3.format('+.1%')(change / Math.abs(before)).replace('-', '−')})` : '';
    $('if-text').textContent = `The sum of the forecasts is ${written(sum, view.decimals)}`
      + (change ? `, a change of ${written(change, view.decimals)}${share}.` : '.') + ' '
      + named(other.notes, [view.name, of.name]).filter(note => note.includes(of.name) || /known/.test(note)).join(' ');
    say('');
  }, {method: 'POST', headers: {'Content-Type': 'application/json'}, body});
}

/** The future of the column as bars that are dragged; one of 0 and 1 alone is switched. */
function bars() {
  const host = $('driver-plot'), width = host.clientWidth, height = host.clientHeight, steps = driver.future.length;
  const past = driver.history.filter(Number.isFinite).slice(-2000);
  const isSwitch = driver.categorical || [...past, ...driver.was].every(value => value === 0 || value === 1);
  let [low, high] = isSwitch ? [0, 1] : d3.extent([...past, ...driver.was, ...driver.future, 0]);
  if (low === high) high = low + 1;
  const room = isSwitch ? 0 : 0.2 * (high - low);
  const y = d3.scaleLinear([low < 0 ? low - room : 0, high + room], [height - DRIVER.bottom, DRIVER.top]);
  const x = d3.scaleBand(d3.range(steps), [DRIVER.left, width - DRIVER.right]).padding(0.15);
  const svg = d3.select(host).selectAll('svg').data([0]).join('svg').attr('aria-hidden', 'true')
    .attr('viewBox', `0 0 ${width} ${height}`);
  const ticks = isSwitch ? [0, 1] : y.ticks(3), texts = tickTexts(ticks);
  svg.selectAll('text').data(ticks).join('text').attr('text-anchor', 'end').attr('x', DRIVER.left - 8)
    .attr('y', tick => y(tick) + 4).text((_, i) => texts[i]);
  const draw = () => svg.selectAll('rect').data(onOff(driver.future)).join('rect').attr('class', 'driver')
    .attr('x', (_, h) => x(h)).attr('width', x.bandwidth())
    .attr('y', value => Math.min(y(value), y(0))).attr('height', value => Math.max(1, Math.abs(y(value) - y(0))));
  draw();
  const digits = decimalsOf(past);
  function set(event, isDown) {
    const [px, py] = d3.pointer(event, svg.node());
    const h = Math.max(0, Math.min(steps - 1, Math.floor((px - DRIVER.left) / x.step())));
    if (isSwitch && !isDown) return;
    driver.future[h] = isSwitch ? (driver.future[h] ? 0 : kindAt(h)) : +y.clamp(true).invert(py).toFixed(digits);
    draw();
  }
  svg.on('pointerdown', event => {
    svg.node().setPointerCapture(event.pointerId);
    set(event, true);
  }).on('pointermove', event => event.buttons && set(event, false)).on('pointerup', () => {
    $('driver-values').value = onOff(driver.future).join(' ');
    whatIf();
  });
}

/* ------------------------------------------------------------------------------- backtests */

/** The backtest that runs or was run last: {id, isOver}. */
let job = null;

async function backtest() {
  stopBacktest();
  const mine = job = {id: null, isOver: false};
  progress(0, 'Waiting for its turn …');
  try {
    const of = $('driver').value;
    const more = !driver ? {} : of === PLACE ? {holidays: $('place').value.trim()} : {known_future: of};
    let state = await (await request('v1/backtests?' + query({title: sent.name, ...more}), tableBody())).json();
    mine.id = state.id;
    if (mine !== job) cancel(mine);
    while (mine === job && ['waiting', 'running'].includes(state.state)) {
      if (state.state === 'running') progress(state.progress, 'Forecasting from earlier origins …');
      await new Promise(done => setTimeout(done, 1000));
      state = await (await request('v1/backtests/' + mine.id)).json();
    }
    if (mine !== job) return;
    mine.isOver = true;
    if (state.error) throw new Error(state.error.detail);
    mine.result = state.result;
    await measured(mine, state.result);
  } catch (problem) {
    if (mine !== job) return;
    mine.isOver = true;
    progress(null, problem.message);
  }
}

/** Says how good the series would have been forecast, and links to the report. */
async function measured(mine, result) {
  const number = result.series ? result.series.findIndex(one => one.id === view.series) : 0;
  const one = result.series ? result.series[number] : result;
  if (!one) {
    progress(null, result.left_out.filter(left => left.id === view.series).map(left => left.detail).join(' '));
    return;
  }
  const best = Math.min(...Object.values(one.baselines).map(simple => simple.mae).filter(Number.isFinite));
  const share = Math.round(100 * Math.abs(one.mae / best - 1));
  const error = written(one.mae, Math.max(2, view.decimals));
  const beside = share ? `${share} % ${one.mae < best ? 'below' : 'above'}` : 'the same as';
  progress(null, `The mean absolute error is ${error} in ${one.windows} windows, ${beside} the best simple forecast.`);
  const report = `v1/backtests/${mine.id}/report?series=${number + 1}`;
  // A link sends no token.
  const page = $('token').value && await (await request(report, {headers: {Accept: '*/*'}})).blob();
  $('report').href = page ? URL.createObjectURL(page) : report;
  $('report').hidden = false;
}

function progress(share, text) {
  $('past-progress').hidden = $('stop').hidden = share === null;
  $('backtest').disabled = share !== null;
  $('past-progress').value = share ?? 0;
  $('past-text').textContent = text;
  $('report').hidden = true;
}

function cancel(running) {
  request('v1/backtests/' + running.id, {method: 'DELETE'}).catch(() => {});
}

/** Ends a backtest that runs, and forgets what was said of one. */
function stopBacktest() {
  if (job?.id && !job.isOver) cancel(job);
  job = null;
  progress(null, '');
}
