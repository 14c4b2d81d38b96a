/*
 * The forward pass of a Tiny Time Mixer (arXiv:2401.03955) in plain JavaScript: what the page runs, and a reference to
 * read. It has the mechanisms of the bundled 512-96 model and no others.
 *
 * A matrix is {rows, columns, values}, row-major, a Float32Array; sums are in double precision. P stands for tokens (the
 * resolution prefix and the patches) and D for features. docs/model.md has the formulas in the same order, examples/Ttm.java
 * the same in Java. Forecasts and quantiles equal those of TtmModel to 1e-4 of the deviation of the history; a test
 * compares them.
 */
'use strict';

const MIN_VARIANCE = 1e-5;
/** The model is given at least this share of its context. */
const LEAST_SHARE = 1 / 32;

/* ---------------------------------------------------------------- weights */

/** The bytes of a text in base 64. */
function bytesOf(text) {
  const characters = atob(text), bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/**
 * Reads a model: its config.json as an object and the bytes of its model.safetensors, which are the length of a JSON
 * header (8 bytes, little-endian), the header, and the tensors that it lists.
 */
function readModel(config, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = new Map();
  delete header.__metadata__;
  for (const [name, {dtype, shape, data_offsets: [from, to]}] of Object.entries(header)) {
    if (dtype !== 'F16') throw new Error(`tensor ${name} is of type ${dtype}; expected F16`);
    const values = new Float32Array((to - from) / 2);
    for (let i = 0; i < values.length; i++) values[i] = half(view.getUint16(start + from + 2 * i, true));
    tensors.set(name, {shape, values});
  }
  return {config, tensors};
}

/** The number of a half-precision pattern: a sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/* ------------------------------------------------------------ series → patches */

/**
 * The context [L] that the model sees: the last L values of a history, NaN where one is missing. What is missing is
 * interpolated, a short history is continued to the left, and neither counts as observed. Nothing observed is 0.
 */
function contextOf(history, length) {
  const raw = new Float64Array(length).fill(NaN);
  const known = history.slice(-length);
  if (known.length < length * LEAST_SHARE) {
    throw new Error(`the history has ${known.length} steps: the model needs at least ${length * LEAST_SHARE}`);
  }
  raw.set(known, length - known.length);
  const observed = Array.from(raw, value => !Number.isNaN(value));
  const values = raw.slice();
  let last = -1; // the observed step before
  for (let t = 0; t <= length; t++) {
    if (t < length && !observed[t]) continue;
    const left = last < 0 ? raw[t] ?? 0 : raw[last], right = t < length ? raw[t] : left;
    for (let gap = last + 1; gap < t; gap++) {
      values[gap] = last < 0 ? right : left + (right - left) * (gap - last) / (t - last);
    }
    last = t;
  }
  return {values, observed};
}

/**
 * Scales a context by its observed steps: (x − loc)/scale with loc their mean and scale = √(variance + 1e-5), where the
 * variance is that of the values times the power of two which brings their deviation into [1, 2).
 */
function scaler({values, observed}) {
  const seen = values.filter((_, t) => observed[t]), n = Math.max(seen.length, 1);
  const loc = seen.reduce((sum, x) => sum + x, 0) / n;
  const variance = seen.reduce((sum, x) => sum + (x - loc) ** 2, 0) / n;
  const magnified = variance > 0 ? 2 ** -Math.floor(Math.log2(Math.sqrt(variance))) : 1;
  return {loc, scale: Math.sqrt(variance * magnified ** 2 + MIN_VARIANCE) / magnified, varies: variance > 0};
}

/** [L] → [L / patch length, patch length]. */
function patchify(scaled, length) {
  return {rows: scaled.length / length, columns: length, values: scaled};
}

/* ------------------------------------------------------------------- layers */

/** X·Wᵀ + b, with X [n, in], W [out, in], b [out] → [n, out]: every row on its own. */
function linear(x, {weight, bias}) {
  const [out, n] = weight.shape, y = zeros(x.rows, out);
  for (let r = 0; r < x.rows; r++) {
    for (let o = 0; o < out; o++) {
      y.values[r * out + o] = bias.values[o] + dot(x.values, r * n, weight.values, o * n, n);
    }
  }
  return y;
}

/** Σ a[u + i] · b[v + i] in four sums, which a processor adds side by side. */
function dot(a, u, b, v, n) {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += a[u + i] * b[v + i];
    s1 += a[u + i + 1] * b[v + i + 1];
    s2 += a[u + i + 2] * b[v + i + 2];
    s3 += a[u + i + 3] * b[v + i + 3];
  }
  for (; i < n; i++) s0 += a[u + i] * b[v + i];
  return s0 + s1 + s2 + s3;
}

/** W·X + b, with X [in, d], W [out, in], b [out] → [out, d]: every column on its own. */
function linearLeft(x, {weight, bias}) {
  const [out, n] = weight.shape, d = x.columns, y = zeros(out, d), a = x.values;
  const sums = new Float64Array(d);
  for (let o = 0; o < out; o++) {
    sums.fill(bias.values[o]);
    for (let i = 0; i < n; i++) {
      const w = weight.values[o * n + i];
      for (let j = 0, at = i * d; j < d; j++) sums[j] += w * a[at++];
    }
    y.values.set(sums, o * d);
  }
  return y;
}

/** x·Φ(x), with the normal distribution function Φ. Source: Hendrycks and Gimpel 2016, arXiv:1606.08415. */
function gelu(x) {
  return {...x, values: x.values.map(value => value * normal(value))};
}

/** Φ(x) to 1e-7. Source: Abramowitz and Stegun 1964, 7.1.26, for erf(|x|/√2). */
function normal(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x) * Math.SQRT1_2);
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = sum * Math.exp(-x * x / 2) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** (x − mean)/√(variance + ε)·gain + bias over the features of every row. Source: Ba et al. 2016, arXiv:1607.06450. */
function layerNorm(x, {weight, bias}, epsilon) {
  const d = x.columns, y = zeros(x.rows, d);
  for (let r = 0; r < x.rows; r++) {
    let mean = 0, variance = 0;
    for (let j = 0; j < d; j++) mean += x.values[r * d + j] / d;
    for (let j = 0; j < d; j++) variance += (x.values[r * d + j] - mean) ** 2 / d;
    const rstd = 1 / Math.sqrt(variance + epsilon);
    for (let j = 0; j < d; j++) {
      y.values[r * d + j] = (x.values[r * d + j] - mean) * rstd * weight.values[j] + bias.values[j];
    }
  }
  return y;
}

/** How far the gate is open for each number: σ(l) = 1/(1 + e^−l) of its logit. */
function sigmoid(logits) {
  return {...logits, values: logits.values.map(logit => 1 / (1 + Math.exp(-logit)))};
}

/** The patch mixer: tokens exchange what they know, feature by feature. x + m ⊙ gate, m = MLP(norm(x)), from the left. */
function patchMixer(x, layer, epsilon) {
  const m = linearLeft(gelu(linearLeft(layerNorm(x, layer.norm, epsilon), layer.fc1)), layer.fc2);
  const gate = sigmoid(linearLeft(m, layer.gate)); // [P, D]
  return {gate, output: gated(x, m, gate)};
}

/** The feature mixer: every token thinks about itself. x + m ⊙ gate, m = MLP(norm(x)), from the right. */
function featureMixer(x, layer, epsilon) {
  const m = linear(gelu(linear(layerNorm(x, layer.norm, epsilon), layer.fc1)), layer.fc2);
  const gate = sigmoid(linear(m, layer.gate)); // [P, D]
  return {gate, output: gated(x, m, gate)};
}

/** x + m ⊙ gate. */
function gated(x, m, gate) {
  return {...x, values: x.values.map((value, i) => value + m.values[i] * gate.values[i])};
}

/** A mixer layer: patches, then features. */
function mixerLayer(x, weights, epsilon) {
  const patches = patchMixer(x, weights('patch_mixer'), epsilon);
  const features = featureMixer(patches.output, weights('feature_mixer'), epsilon);
  return {patchGate: patches.gate, featureGate: features.gate, output: features.output};
}

/** A convolution of a row [1, n] by an odd kernel: a product with the row shifted to each of its places, 0 beyond the ends. */
function convolution(x, {weight, bias}) {
  const kernel = weight.values.length, n = x.columns, shifted = zeros(kernel, n);
  for (let j = 0; j < kernel; j++) {
    for (let t = 0; t < n; t++) shifted.values[j * n + t] = x.values[t + j - (kernel >> 1)] ?? 0;
  }
  return linearLeft(shifted, {weight: {shape: [1, kernel], values: weight.values}, bias});
}

/**
 * Quantiles [Q, H] of the scaled forecast y [1, H]. A network along the steps, which also sees what the decoder made, says
 * how far each quantile lies from its neighbour nearer to the middle, which is y. Softplus keeps these distances above 0.
 */
function quantileHead(y, decoded, at, epsilon) {
  const steps = y.columns, gain = at('inorm');
  const same = ({values: [value]}) => ({values: new Float32Array(steps).fill(value)});
  const z = layerNorm(convolution(y, at('dw')), {weight: same(gain.weight), bias: same(gain.bias)}, 1e-5); // [1, H]
  const u = gelu(linearLeft(z, at('pw1'))); // [hidden, H]
  const c = linear(flattened(linear(decoded, at('dec_tok_proj'))), at('dec_flat_to_hidden')); // [1, hidden]
  const everywhere = zeros(c.columns, steps); // c at each step
  c.values.forEach((value, i) => everywhere.values.fill(value, i * steps, (i + 1) * steps));
  const o = linearLeft(stacked(u, everywhere), at('pw2')); // [Q, H]
  const q = zeros(o.rows, steps), middle = o.rows >> 1;
  const w = linear(c, at('dec_to_steps')); // [1, H]: wider or narrower, step by step
  const distance = (i, h) => softplus(o.values[i * steps + h] + w.values[h]) + epsilon;
  for (let h = 0; h < steps; h++) {
    const at = row => row * steps + h;
    q.values[at(middle)] = y.values[h];
    for (let i = 1; i <= middle; i++) {
      q.values[at(middle - i)] = q.values[at(middle - i + 1)] - distance(i, h);
      q.values[at(middle + i)] = q.values[at(middle + i - 1)] + distance(middle + i, h);
    }
  }
  return q;
}

/** ln(1 + eˣ). */
function softplus(x) {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/* ------------------------------------------------------------------ the model */

/**
 * A level of adaptive patching sees P × D as P·f × D/f: the same numbers in the same order, each token cut into f
 * tokens of fewer features. Its layers mix on that grid.
 */
function level(x, factor, layers, epsilon) {
  const input = {rows: x.rows * factor, columns: x.columns / factor, values: x.values};
  const passed = [];
  for (const weights of layers) passed.push(mixerLayer(passed.at(-1)?.output ?? input, weights, epsilon));
  return {factor, input, layers: passed, output: {...x, values: passed.at(-1).output.values}};
}

/** The resolution prefix: a token that tells the frequency. W₂·gelu(W₁·e + b₁) + b₂ of its embedding e → [1, D]. */
function resolutionPrefix(token, embedding, first, second) {
  const length = embedding.shape[1];
  const row = {rows: 1, columns: length, values: embedding.values.subarray(token * length, (token + 1) * length)};
  return linear(gelu(linear(row, first)), second);
}

/**
 * Forecasts a series.
 *
 * @param model of readModel
 * @param history values, oldest first, NaN where one is missing
 * @param token of the resolution (Resolution.java lists them); 0 where it is unknown
 * @param statistics {loc, scale} to use instead of the history's own; the page follows a patch with them
 * @return every stage of the pass, named as the fields below
 */
function forward(model, history, token, statistics) {
  const {config, tensors} = model, epsilon = config.norm_eps;
  const at = path => ({weight: tensors.get(path + '.weight'), bias: tensors.get(path + '.bias')});
  const mixer = path => kind => ({
    norm: at(`${path}.${kind}.norm.norm`), fc1: at(`${path}.${kind}.mlp.fc1`), fc2: at(`${path}.${kind}.mlp.fc2`),
    gate: at(`${path}.${kind}.gating_block.attn_layer`),
  });
  const encoder = 'backbone.encoder';

  const context = contextOf(history, config.context_length); // [L]
  const {loc, scale, varies} = {...scaler(context), ...statistics};
  const scaled = Float32Array.from(context.values, x => (x - loc) / scale); // [L]
  const patches = patchify(scaled, config.patch_length); // [P₀, patch length]
  const embedding = linear(patches, at(encoder + '.patcher')); // [P₀, D]
  const prefix = resolutionPrefix(token, tensors.get(encoder + '.freq_mod.0.weight'), at(encoder + '.freq_mod.1'),
    at(encoder + '.freq_mod.3')); // [1, D]
  const tokens = stacked(prefix, embedding); // [P, D]

  const levels = [];
  for (let j = 0; j < config.adaptive_patching_levels; j++) { // the finest first
    const factor = 2 ** (config.adaptive_patching_levels - 1 - j);
    const layers = range(config.num_layers)
      .map(k => mixer(`${encoder}.mlp_mixer_encoder.mixers.${j}.mixer_layers.${k}`));
    levels.push(level(levels.at(-1)?.output ?? tokens, factor, layers, epsilon));
  }

  const adapted = linear(levels.at(-1).output, at('decoder.adapter')); // [P, Dd]
  const layers = range(config.decoder_num_layers).map(k => mixer('decoder.decoder_block.mixers.' + k));
  const decoder = level(adapted, 1, layers, epsilon); // [P, Dd]

  const y = linear(flattened(decoder.output), at('head.base_forecast_block')); // [1, H]
  const q = quantileHead(y, decoder.output, name => at('multi_quantile_head_block.' + name), config.mq_eps); // [Q, H]
  const last = history.findLast(x => !Number.isNaN(x)) ?? 0;
  const inUnits = scaled => Float64Array.from(scaled, x => varies ? x * scale + loc : last); // a constant goes on
  const forecast = inUnits(y.values);
  const quantiles = range(q.rows).map(i => inUnits(q.values.subarray(i * q.columns, (i + 1) * q.columns)));
  return {context, loc, scale, scaled, patches, embedding, prefix, tokens, levels, adapted, decoder, head: y.values,
    forecast, quantiles};
}

/**
 * What each token adds to the head's result, [P, H]: the head is one linear layer, so its sum over P·Dd numbers is a sum
 * over tokens, and these and the bias add up to the scaled forecast.
 */
function headByToken(model, decoded) {
  const weight = model.tensors.get('head.base_forecast_block.weight'), steps = weight.shape[0];
  const parts = zeros(decoded.rows, steps), d = decoded.columns;
  for (let p = 0; p < decoded.rows; p++) {
    for (let h = 0; h < steps; h++) {
      parts.values[p * steps + h] = dot(decoded.values, p * d, weight.values, h * weight.shape[1] + p * d, d);
    }
  }
  return parts;
}

/* ------------------------------------------------------------------- matrices */

function zeros(rows, columns) {
  return {rows, columns, values: new Float32Array(rows * columns)};
}

/** All rows one after the other in one. */
function flattened({values}) {
  return {rows: 1, columns: values.length, values};
}

/** The rows of a, then those of b. */
function stacked(a, b) {
  const y = zeros(a.rows + b.rows, a.columns);
  y.values.set(a.values);
  y.values.set(b.values, a.values.length);
  return y;
}

function range(n) {
  return [...Array(n).keys()];
}
