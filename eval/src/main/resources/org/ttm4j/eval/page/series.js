/*
 * Series for the page: presets, the reader of a CSV that was dropped, the naive forecast. A series is
 * {name, seconds, values, times, season}: the seconds between two steps (null where unknown), values oldest first with NaN
 * for what is missing, and a text for the time of each, at best also of the steps to come, and the season where it is known.
 */
'use strict';

/** Seconds between two steps of the resolutions that have a token; their index is the token (Resolution.java). */
const RESOLUTIONS = [null, 60, 120, 300, 600, 900, 1800, 3600, 86400, 604800];
const RESOLUTION_NAMES = ['unknown', 'a minute', '2 minutes', '5 minutes', '10 minutes', '15 minutes', '30 minutes',
  'an hour', 'a day', 'a week'];
const BUSINESS_DAY = 604800 / 5;

function tokenOf(seconds) {
  return Math.max(0, RESOLUTIONS.indexOf(seconds === BUSINESS_DAY ? 86400 : seconds));
}

/** The natural season of a frequency, as Season.java has it: {steps, name}; of one step where there is none. */
function seasonOf(seconds, context) {
  const day = 86400, week = 7 * day;
  const periods = !seconds ? []
    : seconds >= week ? [[52 * week, 'year']]
    : seconds >= day ? [[week, 'week']]
    : [[day, 'day'], [3600, 'hour'], [60, 'minute']];
  for (const [length, name] of periods) {
    const steps = Math.round(length / seconds);
    if (steps > 1 && steps <= context) return {steps, name};
  }
  return {steps: 1, name: 'value'};
}

/* -------------------------------------------------------------------- presets */

const PRESETS = {
  season: {title: 'Season', make: (t, noise) => load(t) + 1.5 * noise()},
  trend: {title: 'Trend', make: (t, noise) => 40 + t / 24 + 9 * day(t) + 1.2 * noise()},
  break: {title: 'Break', make: (t, noise, n) => load(t) * 0.7 + (t >= n - 180 ? 38 : 0) + 1.5 * noise()},
  noise: {title: 'Noise', make: (t, noise) => 60 + 8 * noise()},
};

/** A smooth day: low at night, a peak in the morning and a higher one in the evening. */
function day(t) {
  const hour = 2 * Math.PI * t / 24;
  return Math.sin(hour - 2) + 0.45 * Math.sin(2 * hour + 0.6);
}

/** A load by the hour with a weekend. */
function load(t) {
  const weekend = Math.floor(t / 24) % 7 >= 5;
  return 60 + (weekend ? 8 : 17) * day(t) - (weekend ? 9 : 0);
}

/** A preset's series: hourly, the same at every call. */
function preset(name) {
  const n = 1104, noise = normals(7);
  const values = Float64Array.from({length: n}, (_, t) => PRESETS[name].make(t, noise, n));
  const start = Date.UTC(2025, 2, 3);
  const times = Array.from({length: n + 96}, (_, t) => isoTime(start + t * 3600e3));
  return {name: 'a made-up load', seconds: 3600, values, times};
}

function isoTime(milliseconds) {
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ');
}

/** Normal random numbers from a seed: Box and Muller 1958 on a linear congruential generator. */
function normals(seed) {
  let state = seed;
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/* ------------------------------------------------------------------------ CSV */

/**
 * The numeric columns of a CSV as series: a header, comma, semicolon or tab between cells, times in the first column that
 * reads as one. bin/ttm reads many more kinds of file.
 */
function readCsv(text, file) {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter(line => line.trim() !== '');
  const delimiter = [';', '\t', ','].find(c => lines[0]?.includes(c)) ?? ',';
  const rows = lines.map(line => cells(line, delimiter));
  const comma = delimiter !== ',' && rows.slice(1).flat().some(cell => /^-?\d+,\d+$/.test(cell));
  const number = cell => /\d/.test(cell ?? '') ? Number(comma ? cell.replace(',', '.') : cell) : NaN;
  const header = rows[0]?.some(cell => cell !== '' && Number.isNaN(number(cell))) ? rows.shift() : null;
  const width = Math.max(0, ...rows.map(row => row.length));
  const columns = range(width).map(i => rows.map(row => row[i] ?? ''));
  const timeColumn = columns.findIndex(column => column.slice(0, 50).every(cell => !Number.isNaN(instant(cell))));
  const times = timeColumn < 0 ? null : columns[timeColumn];
  const seconds = times && stepOf(times);
  const places = seconds ? gridOf(times, seconds) : null;
  const season = times && isMonthly(times) ? {steps: 12, name: 'year'} : null;
  const series = [];
  columns.forEach((column, i) => {
    const numbers = Float64Array.from(column, number);
    const known = numbers.filter(x => !Number.isNaN(x)).length;
    if (i === timeColumn || known < column.filter(cell => cell !== '').length / 2 || known < 16) return;
    const values = places ? new Float64Array(Math.max(...places) + 1).fill(NaN) : numbers;
    places?.forEach((place, row) => values[place] = numbers[row]);
    series.push({name: header?.[i] || 'column ' + (i + 1), seconds: places && seconds, season, values,
      times: places ? range(values.length + 96).map(t => isoTime(instant(times[0]) + t * seconds * 1000)) : times});
  });
  if (series.length === 0) throw new Error(`${file}: no column with 16 numbers or more; expected a CSV with a header`);
  return series;
}

function cells(line, delimiter) {
  const found = [];
  for (const match of (line + delimiter).matchAll(new RegExp(`\\s*("(?:[^"]|"")*"|[^${delimiter}]*)\\s*${delimiter}`, 'g'))) {
    found.push(match[1].replace(/^"|"$/g, '').replaceAll('""', '"').trim());
  }
  return found;
}

/** Milliseconds of a time that is written year first, or as 31.12.2025, taken as UTC; NaN of any other. */
function instant(cell) {
  const iso = cell.trim().replace(/^(\d\d?)\.(\d\d?)\.(\d{4})/, (_, d, m, y) => `${y}-${m.padStart(2, 0)}-${d.padStart(2, 0)}`)
    .replace(/^(\d{4})\/(\d\d)\/(\d\d)/, '$1-$2-$3').replace(' ', 'T');
  if (!/^\d{4}-\d\d(-\d\d)?(T|$)/.test(iso)) return NaN;
  return Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes('T') ? iso : iso + 'Z');
}

/** The most frequent distance between neighbours, in seconds. */
function stepOf(times) {
  const counts = new Map();
  for (let i = 1; i < times.length; i++) {
    const step = (instant(times[i]) - instant(times[i - 1])) / 1000;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [step] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [null];
  return step > 0 ? step : null;
}

function isMonthly(times) {
  return times.every((time, i) => i === 0 || Math.abs((instant(time) - instant(times[i - 1])) / 864e5 - 29.5) <= 1.5);
}

/** The step of each row on the regular grid from the first, so that absent rows are missing values; null without one. */
function gridOf(times, seconds) {
  const places = times.map(time => (instant(time) - instant(times[0])) / 1000 / seconds);
  const regular = places.every((place, i) => Number.isInteger(place) && place > (places[i - 1] ?? -1));
  return regular && places.at(-1) < 4 * places.length ? places : null;
}

/* ------------------------------------------------- what a history is made of */

/** The seasonal part: the mean by phase of what a straight line leaves, with mean 0. */
function seasonalPart(values, period) {
  const line = straightLine(values), sums = new Float64Array(period), counts = new Float64Array(period);
  values.forEach((x, t) => {
    if (Number.isNaN(x)) return;
    sums[t % period] += x - line(t);
    counts[t % period]++;
  });
  const profile = sums.map((sum, i) => counts[i] ? sum / counts[i] : 0);
  const mean = profile.reduce((a, b) => a + b, 0) / period;
  return Float64Array.from(values, (_, t) => period > 1 ? profile[t % period] - mean : 0);
}

/** Least squares. */
function straightLine(values) {
  let n = 0, st = 0, sx = 0, stt = 0, stx = 0;
  values.forEach((x, t) => {
    if (Number.isNaN(x)) return;
    n++, st += t, sx += x, stt += t * t, stx += t * x;
  });
  const slope = (n * stx - st * sx) / (n * stt - st * st) || 0;
  return t => (sx - slope * st) / n + slope * t;
}

/* -------------------------------------------------------------- beside the model */

/** The last period repeated; where a value of it is missing, the one a period earlier. */
function naive(history, period, steps) {
  return Float64Array.from({length: steps}, (_, h) => {
    let t = history.length - period + h % period;
    while (t >= 0 && Number.isNaN(history[t])) t -= period;
    return t >= 0 ? history[t] : NaN;
  });
}
