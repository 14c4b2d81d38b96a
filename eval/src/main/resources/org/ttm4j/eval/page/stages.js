/* The stages: what each one draws of a forward pass, and where its formula and its lines of Java are. */
'use strict';

const JAVA = 'examples/Ttm.java';
const SHAPES = 'docs/model.md#shapes', MIXER = 'docs/model.md#a-mixer-layer', THIRD = 'docs/model.md#the-third-generation';

/**
 * In the order of the pass. `formula` is among the texts that the page holds, `keys` are the weights of a stage in the
 * checkpoint. Of Ttm.java it shows what makes the variables `pass` in its method forecast(), and `methods`.
 */
const STAGES = [{
  id: 'scale', title: 'Scale', formula: SHAPES, pass: ['context', 'mean', 'deviation', 'scaled'],
  methods: ['context', 'mean', 'deviation', 'interpolated', 'scaled'], figures: [scaleFigure],
}, {
  id: 'patches', title: 'Patches', formula: SHAPES, pass: ['patches'], methods: [], figures: [patchFigure],
}, {
  id: 'embedding', title: 'Embedding', formula: SHAPES, keys: 'backbone.encoder.{patcher, freq_mod}',
  pass: ['embedded', 'tokens'], methods: ['linear', 'prefix'], figures: [embeddingFigure],
}, {
  id: 'levels', title: 'Levels', formula: MIXER, keys: 'backbone.encoder.mlp_mixer_encoder.mixers.j.mixer_layers.k',
  pass: ['mixed'], methods: ['backbone', 'mixerLayer', 'norm', 'standardized'], figures: [levelFigure, pathFigure],
}, {
  id: 'gates', title: 'Gates', formula: MIXER, keys: '….{patch, feature}_mixer.gating_block.attn_layer',
  pass: [], methods: ['gatedPerceptron', 'sigmoidGate', 'gelu'], figures: [gateFigure],
}, {
  id: 'decoder', title: 'Decoder', formula: SHAPES, keys: 'decoder.{adapter, decoder_block}',
  pass: ['decoded'], methods: ['decoder'], figures: [decoderFigure],
}, {
  id: 'head', title: 'Head', formula: SHAPES, keys: 'head.base_forecast_block',
  pass: ['point'], methods: [], figures: [headFigure],
}, {
  id: 'quantiles', title: 'Quantiles', formula: THIRD, keys: 'multi_quantile_head_block',
  pass: ['quantiles'], methods: ['quantiles', 'shape', 'softplus'], figures: [quantileFigure],
}, {
  id: 'forecast', title: 'Forecast', formula: SHAPES,
  pass: [], methods: ['forecast'], figures: [forecastFigure, shareFigure, numberTable],
}];

/** The lines of a stage in Ttm.java, as ranges [from, to) with their text: those of the pass, then its methods. */
function javaOf({pass, methods}) {
  const lines = SOURCES[JAVA].split('\n');
  const find = (pattern, from) => {
    const at = lines.findIndex((line, i) => i >= from && pattern.test(line));
    if (at < 0) throw new Error(`${JAVA} has no ${pattern}`);
    return at;
  };
  const declaration = name => find(new RegExp(`^ {4}\\w.* ${name}\\(.*\\{$`), 0);
  /** The first line of the comment above a line, or that line. */
  const commented = at => /^ *(\/?\*|\/\/)/.test(lines[at - 1]) ? commented(at - 1) : at;
  const variables = pass.map(name => find(new RegExp(`\\] ${name} = |double ${name} = `), declaration('forecast')));
  const ranges = [...variables.length ? [[commented(variables[0]), variables.at(-1) + 1]] : [],
    ...methods.map(name => [commented(declaration(name)), find(/^ {4}\}$/, declaration(name)) + 1])];
  return ranges.map(([from, to]) => ({from, to, text: lines.slice(from, to)}));
}

const element = id => document.getElementById(id);

/** The name of a row of a grid of tokens, each cut into so many parts. */
function rowName(parts) {
  return row => {
    const token = Math.floor(row / parts), name = token === 0 ? 'prefix' : 'patch ' + token;
    return parts === 1 ? name : `${name}, part ${row % parts + 1}`;
  };
}

/** The whole pass in one picture: each block is the real tensor, as wide and as high as its shape. */
function overviewFigure() {
  const list = d3.select(element('figure-overview')).append('ol').attr('class', 'overview');
  const weights = (model, prefix) => d3.sum([...model.tensors].filter(([name]) => name.startsWith(prefix)),
    ([, tensor]) => tensor.values.length);
  const encoder = 'backbone.encoder.', mixers = encoder + 'mlp_mixer_encoder.mixers.';
  return ({trace, model}) => {
    const blocks = [
      ['scale', 'scaled', {rows: 1, columns: trace.scaled.length, values: trace.scaled}],
      ['patches', 'patches', trace.patches],
      ['embedding', 'tokens', trace.tokens, [encoder + 'patcher', encoder + 'freq_mod']],
      ...trace.levels.map((level, j) => ['levels', 'level ' + (j + 1), level.layers.at(-1).output, [mixers + j]]),
      ['decoder', 'decoder', trace.decoder.output, ['decoder.']],
      ['forecast', 'forecast', {rows: 1, columns: trace.head.length, values: trace.head},
        ['head.', 'multi_quantile_head_block.']],
    ];
    const block = list.selectAll('li').data(blocks).join(enter => {
      const a = enter.append('li').append('a');
      a.append('span').attr('class', 'block');
      a.append('b');
      a.append('small');
      return a.select(function () { return this.parentNode; });
    });
    block.select('a').attr('href', ([id]) => '#stage=' + id);
    block.select('b').text(([, name]) => name);
    block.select('small').html(([, , {rows, columns}, of]) => `${rows > 1 ? rows + ' × ' + columns : columns + ' steps'}`
      + (of ? `<i>${d3.format(',')(d3.sum(of, prefix => weights(model, prefix)))} weights</i>` : ''));
    block.select('.block').each(function ([, , matrix]) {
      const host = d3.select(this);
      if (matrix.rows === 1) { // a line
        const x = d3.scaleLinear([0, matrix.columns - 1], [1, 79]), y = d3.scaleLinear(d3.extent(matrix.values), [58, 2]);
        host.selectAll('svg').data([0]).join('svg').attr('viewBox', '0 0 80 60').attr('aria-hidden', true)
          .selectAll('path').data([0]).join('path').attr('class', matrix.columns === trace.head.length ? 'forecast' : 'history')
          .attr('d', d3.line().x((_, i) => x(i)).y(y)(matrix.values));
      } else {
        const canvas = host.selectAll('canvas').data([0]).join('canvas').attr('aria-hidden', true)
          .style('aspect-ratio', `${matrix.columns} / ${matrix.rows * 6}`)
          .style('width', 100 * matrix.columns / trace.tokens.columns + '%');
        paint(canvas.node(), matrix, 'signed');
      }
    });
  };
}

function scaleFigure() {
  const lines = makeLines(element('figure-scale'),
    {height: 150, label: () => 'The history in scaled units: mean 0, deviation 1'});
  return ({trace, timeAt}) => {
    element('scale-numbers').innerHTML = `<span><i>loc</i> = ${figure(trace.loc)}, <i>scale</i> = ${figure(trace.scale)}</span>`;
    lines({rows: [{kind: 'history', values: trace.scaled, offset: 0}], steps: trace.scaled.length, ticks: [64, 256, 448],
      tickText: t => shortTime(timeAt(t))});
  };
}

/** A row a patch: its 64 values as a line; choosing a row chooses the patch. */
function patchFigure(actions) {
  const svg = d3.select(element('figure-patches')).append('svg').attr('class', 'small ridge').attr('role', 'img');
  return ({trace, patch, erased}) => {
    const {rows, columns, values} = trace.patches, width = element('figure-patches').clientWidth, step = 44;
    svg.attr('viewBox', `0 0 ${width} ${rows * step + 8}`).style('height', rows * step + 8 + 'px')
      .attr('aria-label', `${rows} patches of ${columns} scaled values, one below the other`);
    const x = d3.scaleLinear([0, columns - 1], [64, width - 8]);
    const y = d3.scaleLinear([-2.5, 2.5], [step - 2, 2]).clamp(true);
    const row = svg.selectAll('g.row').data(range(rows)).join(enter => {
      const g = enter.append('g').attr('class', 'row');
      g.append('rect');
      g.append('text').attr('class', 'name').attr('x', 8).attr('y', step / 2 + 4);
      g.append('path').attr('class', 'line');
      return g;
    }).attr('transform', p => `translate(0, ${p * step + 4})`)
      .attr('class', p => 'row' + (p === patch ? ' chosen' : '') + (erased.has(p) ? ' erased' : ''))
      .on('pointerenter', (_, p) => actions.patch(p)).on('pointerleave', () => actions.patch(null))
      .on('click', (_, p) => actions.choose(p));
    row.select('rect').attr('width', width).attr('height', step - 2).attr('rx', 4);
    row.select('text').text(p => 'patch ' + (p + 1));
    row.select('path').attr('d', p => d3.line().x((_, i) => x(i)).y(y)(values.subarray(p * columns, (p + 1) * columns)));
  };
}

/** The tokens, and the filter of one feature: the 64 weights that a patch is multiplied by. */
function embeddingFigure() {
  let feature = 0, view;
  const grid = makeGrid(element('figure-embedding'), {title: 'Tokens', kind: 'signed', height: 14, rowName: rowName(1),
    onCell: (_, column) => { feature = column; filter(); }});
  const host = d3.select(element('figure-filter'));
  host.append('label').attr('class', 'choice').text('Feature ').append('input').attr('type', 'number').attr('min', 1)
    .on('input', event => {
      feature = Math.max(0, Math.min(view.trace.embedding.columns - 1, event.target.value - 1 || 0));
      filter();
    });
  const caption = host.append('p').attr('class', 'caption');
  const lines = makeLines(host.node(), {height: 130, label: () => 'The weights of a feature beside the values of the patch'});
  function filter() {
    const {trace, model, patch} = view, length = trace.patches.columns;
    const rowOf = (all, row) => all.subarray(row * length, (row + 1) * length);
    const weight = rowOf(model.tensors.get('backbone.encoder.patcher.weight').values, feature);
    const values = rowOf(trace.patches.values, patch), result = trace.embedding.values[patch * trace.embedding.columns + feature];
    const size = (d3.max(values, Math.abs) || 1) / d3.max(weight, Math.abs);
    host.select('input').attr('max', trace.embedding.columns).property('value', feature + 1);
    caption.html(`<i class="key filter"></i> the weights of feature ${feature + 1} (as large as fits) ·
      <i class="key history"></i> patch ${patch + 1} · their product and a bias make <b>${figure(result)}</b>`);
    lines({rows: [{kind: 'history', values, offset: 0}, {kind: 'filter', values: weight.map(w => w * size), offset: 0}],
      steps: length, ticks: [0.5, 32.5, 63.5], tickText: t => Math.ceil(t)});
  }
  return next => {
    view = next;
    element('frequency').textContent = RESOLUTION_NAMES[view.token];
    grid(view.trace.tokens, view.patch + 1, view.patch + 2);
    filter();
  };
}

function levelFigure() {
  const grids = [[4, ', each token in four', 5], [2, ', each token in two', 7], [1, '', 11]].map(([factor, cut, height], j) =>
    makeGrid(element('figure-levels'), {title: `Level ${j + 1}${cut}`, kind: 'signed', height, rowName: rowName(factor)}));
  return ({trace, patch}) => trace.levels.forEach(({factor, layers}, j) =>
    grids[j](layers.at(-1).output, (patch + 1) * factor, (patch + 2) * factor));
}

/** After each stage, for each token, the share of it that changes between two passes: {name, changes}. */
function changesAlong(trace, other) {
  const stages = [['tokens', t => t.tokens], ...trace.levels.map((_, j) => ['level ' + (j + 1), t => t.levels[j].output]),
    ['decoder', t => t.decoder.output]];
  const tokens = trace.tokens.rows;
  return stages.map(([name, of]) => ({name, changes: range(tokens).map(p => {
    const mine = tokenNumbers(of(trace), p, tokens), theirs = tokenNumbers(of(other), p, tokens);
    return norm(mine.map((v, i) => v - theirs[i])) / norm(mine);
  })}));
}

/** A token counts as reached where more of it changes. */
const REACHED = 0.05;

/** A circle for each token after each stage: how much of it changes without the patch. */
function pathFigure(actions) {
  const host = element('figure-path'), svg = d3.select(host).append('svg').attr('class', 'small path').attr('role', 'img');
  return ({trace, patch, pathOf, moving}) => {
    if (moving) return; // it takes a pass of its own
    document.querySelectorAll('.patch-name').forEach(node => { node.textContent = 'patch ' + (patch + 1); });
    const stages = changesAlong(trace, pathOf(patch)), tokens = trace.tokens.rows, width = host.clientWidth, row = 22, left = 64;
    const x = d3.scalePoint(range(stages.length), [left + 24, width - 30]);
    const radius = d3.scaleSqrt([0, d3.max(stages, stage => d3.max(stage.changes)) || 1], [0, 10.5]);
    const dots = stages.flatMap(({changes}, s) => changes.map((change, p) => ({s, p, change})));
    svg.attr('viewBox', `0 0 ${width} ${tokens * row + 30}`).style('height', tokens * row + 30 + 'px')
      .attr('aria-label', `How much the tokens change without patch ${patch + 1}: ` + stages.map(({name, changes}) =>
        `${name} ${changes.filter(c => c > REACHED).length} of ${tokens} tokens by more than 5 %`).join(', '));
    svg.selectAll('line').data(range(tokens)).join('line').attr('x1', left).attr('x2', width - 8)
      .attr('y1', p => p * row + 14).attr('y2', p => p * row + 14);
    svg.selectAll('text.name').data(range(tokens)).join('text').attr('class', p => 'name' + (p === patch + 1 ? ' chosen' : ''))
      .attr('x', 0).attr('y', p => p * row + 18).text(rowName(1)).on('click', (_, p) => p > 0 && actions.choose(p - 1));
    svg.selectAll('text.column').data(stages).join('text').attr('class', 'column').attr('x', (_, s) => x(s))
      .attr('y', tokens * row + 22).text(stage => stage.name);
    svg.selectAll('circle').data(dots).join('circle').attr('class', dot => dot.p === patch + 1 ? 'chosen' : '')
      .attr('cx', dot => x(dot.s)).attr('cy', dot => dot.p * row + 14).attr('r', dot => radius(dot.change));
    svg.selectAll('circle').selectAll('title').data(dot => [dot]).join('title').text(dot => percent(dot.change));
  };
}

/** How far a patch gate is open for each token, as multiples of the mean of all tokens. */
function gateRatios(gate, tokens) {
  const mean = d3.mean(gate.values);
  return range(tokens).map(p => d3.mean(tokenNumbers(gate, p, tokens)) / mean);
}

function gateFigure(actions) {
  const table = d3.select(element('figure-gates')).append('div').attr('class', 'table').append('table').attr('class', 'gates');
  const [patches, features] = ['Patch gate', 'Feature gate'].map(title =>
    makeGrid(element('figure-gate'), {title, kind: 'weight', height: 6, rowName: row => names(row)}));
  let chosen = 0, names = String, view;
  function draw(next) {
    view = next;
    const {trace, patch} = view, tokens = trace.tokens.rows;
    const layers = [...trace.levels, trace.decoder].flatMap((of, j) => of.layers.map((layer, k) => ({layer, factor: of.factor,
      name: (j < trace.levels.length ? 'level ' + (j + 1) : 'decoder') + '.' + (k + 1)})));
    table.selectAll('thead').data([0]).join('thead').html('<tr><th scope="col">layer</th>' + range(tokens).map(p =>
      `<th scope="col" class="${p === patch + 1 ? 'chosen' : ''}">${p === 0 ? 'prefix' : p}</th>`).join('') + '</tr>');
    const rows = table.selectAll('tbody').data([0]).join('tbody').selectAll('tr').data(layers).join(enter => {
      const tr = enter.append('tr');
      tr.append('th').attr('scope', 'row').append('button').attr('type', 'button');
      return tr;
    }).classed('chosen', (_, i) => i === chosen);
    rows.select('button').text(row => row.name).attr('aria-pressed', (_, i) => i === chosen)
      .on('click', (_, row) => { chosen = layers.indexOf(row); draw(view); });
    rows.selectAll('td').data(row => gateRatios(row.layer.patchGate, tokens)).join('td')
      .attr('class', (_, p) => p === patch + 1 ? 'chosen' : '').style('--height', ratio => Math.min(1, ratio / 3))
      .text(ratio => ratio.toFixed(1));
    const {layer, factor} = layers[chosen];
    names = rowName(factor);
    patches(layer.patchGate, (patch + 1) * factor, (patch + 2) * factor);
    features(layer.featureGate, (patch + 1) * factor, (patch + 2) * factor);
  }
  return draw;
}

function decoderFigure() {
  const host = element('figure-decoder');
  const before = makeGrid(host, {title: 'After the adapter', kind: 'signed', height: 11, rowName: rowName(1)});
  const after = makeGrid(host, {title: 'After two layers', kind: 'signed', height: 11, rowName: rowName(1)});
  return ({trace, patch}) => {
    before(trace.adapted, patch + 1, patch + 2);
    after(trace.decoder.output, patch + 1, patch + 2);
  };
}

function headFigure() {
  const host = element('figure-head');
  const grid = makeGrid(host,
    {title: 'What each token adds', kind: 'signed', height: 14, rowName: rowName(1), columnName: 'step'});
  d3.select(host).append('p').attr('class', 'caption')
    .html('<i class="key forecast"></i> the sum, in scaled units · '
      + '<i class="key filter"></i> the part of <span class="patch-name"></span>');
  const lines = makeLines(host, {height: 130, label: () => 'The sum over tokens, and the part of the chosen patch'});
  return ({trace, model, patch}) => {
    const parts = headByToken(model, trace.decoder.output), steps = parts.columns;
    grid(parts, patch + 1, patch + 2);
    lines({rows: [{kind: 'filter', values: parts.values.subarray((patch + 1) * steps, (patch + 2) * steps), offset: 0},
      {kind: 'forecast', values: trace.head, offset: 0}], steps, ticks: [0.5, steps / 2, steps - 0.5],
      tickText: t => 'step ' + Math.ceil(t)});
  };
}

/** The fan: how far each quantile lies from the forecast, which is the middle one. */
function quantileFigure() {
  const lines = makeLines(element('figure-quantiles'),
    {height: 170, label: () => 'The nine deciles less the forecast, in scaled units, step by step'});
  d3.select(element('figure-quantiles')).append('p').attr('class', 'caption')
    .html('<i class="key filter"></i> the deciles less the forecast, in scaled units: 10 % is the lowest line, 90 % the highest');
  return ({trace: {quantiles, forecast, scale}}) => lines({steps: forecast.length,
    rows: quantiles.map((row, i) => ({kind: i === quantiles.length >> 1 ? 'forecast' : 'filter', offset: 0,
      values: row.map((value, h) => (value - forecast[h]) / scale)})),
    ticks: [0.5, forecast.length / 2, forecast.length - 0.5], tickText: t => 'step ' + Math.ceil(t)});
}

function forecastFigure() {
  const host = element('figure-forecast');
  d3.select(host).append('p').attr('class', 'caption legend-copy');
  const lines = makeLines(host, {height: 220, label: rows =>
    `The forecast, from ${figure(d3.min(rows.at(-1).values))} to ${figure(d3.max(rows.at(-1).values))}, beside the naive forecast`});
  return view => {
    const {trace, values, bands, timeAt} = view, length = values.length, steps = view.forecast.length;
    host.querySelector('.legend-copy').innerHTML = element('legend').innerHTML;
    lines({rows: [{kind: 'history', values: values.slice(-steps), offset: length - steps},
      {kind: 'naive', values: view.naive, offset: length}, {kind: 'forecast', values: trace.forecast, offset: length}],
      areas: bands.map(([low, high], i) => ({kind: BAND_KINDS[i], low, high, offset: length})),
      from: length - steps, steps: length + steps, ticks: [length - steps / 2, length, length + steps / 2],
      tickText: t => shortTime(timeAt(Math.round(t)))});
  };
}

function shareFigure(actions) {
  const list = d3.select(element('figure-shares')).append('ol').attr('class', 'bars');
  return ({shares, patch, trace}) => {
    const most = shares ? Math.max(...shares) : 1;
    list.selectAll('li').data(range(trace.patches.rows)).join('li')
      .attr('class', p => p === patch ? 'chosen' : '').style('--of', p => shares ? shares[p] / most || 0 : 0)
      .html(p => `<span>patch ${p + 1}</span><b></b><span>${shares ? percent(shares[p]) : '…'}</span>`)
      .on('pointerenter', (_, p) => actions.patch(p)).on('pointerleave', () => actions.patch(null));
  };
}

/** The numbers with all their digits, while the table is open. */
function numberTable() {
  const table = element('numbers'), details = table.closest('details');
  return ({forecast, naive: simple, bands: [[low, high]], values, timeAt, decimals}) => {
    if (!details.open) return;
    const columns = [['forecast', forecast], ['10 %', low], ['90 %', high], ['naive', simple]];
    table.innerHTML = '<thead><tr><th scope="col">time</th>'
      + columns.map(([name]) => `<th scope="col">${name}</th>`).join('') + '</tr></thead><tbody>'
      + Array.from(forecast, (_, h) => `<tr><th scope="row">${escaped(timeAt(values.length + h))}</th>`
        + columns.map(([, row]) => `<td><data value="${row[h]}">${figure(row[h], decimals)}</data></td>`).join('') + '</tr>').join('')
      + '</tbody>';
  };
}
