import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Tiny Time Mixer in one file: reads a model of this project and a CSV, and forecasts every column. It
 * needs a JDK from version 21 on and nothing else, not even a build. In the folder of the checkout:
 *
 * <pre>
 * java examples/Ttm.java data/samples/hourly-load.csv 512-96
 * </pre>
 *
 * A Tiny Time Mixer (Ekambaram et al. 2024, arXiv:2401.03955) is a small network that was trained on many
 * series and forecasts one that it never saw, from the last L values and the time between two of them. Its
 * state is a matrix with a row for each token, which stands for a stretch of time, and a column for each
 * feature. There is no attention and no recurrence in it: perceptrons mix the tokens, then the features.
 *
 * <p>Read it from top to bottom: the pass, the blocks in the order in which the pass calls them, and last how
 * files are read. The sizes beside the arrays are those of the model 512-96: L = 512 steps in, H = 96 steps
 * out, 8 patches of 64 steps, P = 9 tokens of D = 192 features. An array holds a matrix row after row, such
 * as the 9 rows of 192 numbers of [9, 192].
 */
public final class Ttm {
    private final Map<String, float[]> weights; // by name: 859,267 numbers
    private final int contextLength; // L = 512
    private final int patchLength; // 64
    private final int levels; // 3
    private final int layers; // 2 in each level
    private final int decoderLayers; // 2

    // ============================================================================================== The pass

    /**
     * Forecasts one series. All H steps leave the model at once: it does not go from step to step, and no
     * forecast is fed back. A table is forecast column by column, each from its own past.
     *
     * @param history of any length, NaN = missing
     * @param resolution the time between two steps, as its place in RESOLUTIONS: 7 is an hour
     * @return [9, H], the quantiles 0.1, 0.2 … 0.9 of every step; the middle one is the forecast
     */
    double[][] forecast(double[] history, int resolution) {
        double[] context = context(history); // [512], NaN = missing
        double mean = mean(context);
        double deviation = deviation(context, mean);
        float[] scaled = scaled(interpolated(context), mean, deviation); // [512]

        // A patch is to the model what a word is to a reader: 64 neighbouring steps, taken in at once.
        float[] patches = scaled; // [8, 64]: 512 numbers in a row are 8 rows of 64, nothing moves
        float[] embedded = linear(patches, "backbone.encoder.patcher"); // [8, 192]
        float[] tokens = joined(prefix(resolution), embedded); // [9, 192]
        float[] mixed = backbone(tokens); // [9, 192]
        float[] decoded = decoder(mixed); // [9, 128]
        float[] point = linear(decoded, "head.base_forecast_block"); // [1152] → [96]: all tokens are one row
        float[][] quantiles = quantiles(point, decoded); // [9, 96]

        double[][] forecast = new double[quantiles.length][point.length];
        for (int q = 0; q < quantiles.length; q++) {
            for (int t = 0; t < point.length; t++) forecast[q][t] = quantiles[q][t] * deviation + mean;
        }
        return forecast;
    }

    // =========================================================================================== The context

    /** The last L values. In front of a shorter history the values count as missing. */
    private double[] context(double[] history) {
        double[] context = new double[contextLength];
        Arrays.fill(context, Double.NaN);
        int steps = Math.min(history.length, contextLength);
        System.arraycopy(history, history.length - steps, context, contextLength - steps, steps);
        return context;
    }

    /** The mean of the observed values. Missing ones do not count, nor does what is filled in for them. */
    private static double mean(double[] context) {
        double sum = 0;
        int observed = 0;
        for (double value : context) {
            if (Double.isNaN(value)) continue;
            sum += value;
            observed++;
        }
        if (observed == 0) throw new IllegalArgumentException("all values of the context are missing");
        return sum / observed;
    }

    /** The standard deviation of the observed values, 0 where they are all the same. */
    private static double deviation(double[] context, double mean) {
        double sum = 0;
        int observed = 0;
        for (double value : context) {
            if (Double.isNaN(value)) continue;
            sum += (value - mean) * (value - mean);
            observed++;
        }
        return Math.sqrt(sum / observed);
    }

    /** Each gap becomes a straight line between its neighbours; at an edge the nearest value is repeated. */
    private static double[] interpolated(double[] context) {
        double[] filled = context.clone();
        for (int t = 0; t < context.length; t++) {
            if (!Double.isNaN(context[t])) continue;
            int left = t;
            while (left >= 0 && Double.isNaN(context[left])) left--;
            int right = t;
            while (right < context.length && Double.isNaN(context[right])) right++;
            if (left < 0) filled[t] = context[right];
            else if (right == context.length) filled[t] = context[left];
            else filled[t] = context[left] + (context[right] - context[left]) * (t - left) / (right - left);
        }
        return filled;
    }

    /**
     * Instance normalisation: brings the context to mean 0 and deviation 1. The model never sees units:
     * kilowatts and degrees, thousands and thousandths look alike to it. The forecast goes back by the same
     * two numbers. (The paper adds 1e-5 to the variance, so that nothing is divided by 0. It is left out, for
     * it would flatten a series that varies by thousandths.)
     */
    private static float[] scaled(double[] context, double mean, double deviation) {
        float[] scaled = new float[context.length];
        if (deviation == 0) return scaled; // a series that never changes: the forecast will be its mean
        for (int t = 0; t < context.length; t++) scaled[t] = (float) ((context[t] - mean) / deviation);
        return scaled;
    }

    // ============================================================================================ The tokens

    /**
     * The resolution prefix: one more token, in front of the patches. It says how far the steps lie apart.
     * A rise over 64 steps may take an hour, where steps are minutes, or a spring, where they are days, and
     * the scaled values do not say which. The mixers carry this on to the other tokens. Training gave each
     * resolution a row of a table, which a small perceptron turns into the token.
     */
    private float[] prefix(int resolution) {
        float[] table = weights.get("backbone.encoder.freq_mod.0.weight"); // [10, 64]
        int from = resolution * patchLength;
        float[] row = Arrays.copyOfRange(table, from, from + patchLength); // [64]
        float[] hidden = gelu(linear(row, "backbone.encoder.freq_mod.1")); // [128]
        return linear(hidden, "backbone.encoder.freq_mod.3"); // [192]
    }

    /** The rows of a, then those of b. */
    private static float[] joined(float[] a, float[] b) {
        float[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    // ============================================================================= The backbone, the decoder

    /**
     * The backbone works in levels ("adaptive patching"). A level of factor f reads each token as f rows of
     * D/f features, mixes these, and hands the numbers on to the next level. A row is a part of the features,
     * not of the time: each feature was computed from the whole patch. The paper has levels so that one model
     * serves series of many resolutions; a run of ours without them is in docs/measurements/pretraining.md.
     * The finest level, of the largest f, comes first, as in the paper; the last has f = 1 and mixes whole
     * tokens, which is what the decoder reads. In memory 9 rows of 192 numbers are 36 rows of 48: nothing
     * moves.
     */
    private float[] backbone(float[] tokens) {
        int count = contextLength / patchLength + 1; // P = 9
        float[] x = tokens; // [9, 192]
        for (int level = 0; level < levels; level++) {
            int factor = 1 << (levels - 1 - level); // 4, 2, 1: x is seen as [36, 48], [18, 96], [9, 192]
            for (int layer = 0; layer < layers; layer++) {
                String name = "backbone.encoder.mlp_mixer_encoder.mixers." + level + ".mixer_layers." + layer;
                x = mixerLayer(x, count * factor, name);
            }
        }
        return x;
    }

    /**
     * The decoder: a smaller stack of the same layers, without levels. It and the heads are what fine-tuning
     * adapts to one's own data, while the backbone is frozen. Where it is narrower, an adapter leads to it.
     */
    private float[] decoder(float[] mixed) {
        int count = contextLength / patchLength + 1; // P = 9
        boolean narrower = weights.containsKey("decoder.adapter.weight");
        float[] x = narrower ? linear(mixed, "decoder.adapter") : mixed; // [9, 128]
        for (int layer = 0; layer < decoderLayers; layer++) {
            x = mixerLayer(x, count, "decoder.decoder_block.mixers." + layer);
        }
        return x;
    }

    /**
     * A mixer layer on x [P, D], whose rows are tokens, or parts of them on a level with f > 1. In the patch
     * mixer the rows exchange what they know: number j of a row is mixed with number j of every other row,
     * other parts of its own token included. In the feature mixer each row thinks about what it knows. Both
     * add to x what they find (a residual connection), so that a layer which finds nothing does no harm.
     */
    private float[] mixerLayer(float[] x, int rows, String name) {
        int columns = x.length / rows;
        String patches = name + ".patch_mixer";
        float[] turned = transposed(norm(x, patches), rows, columns); // [D, P]: what is mixed stands in a row
        float[] found = transposed(gatedPerceptron(turned, columns, patches), columns, rows); // [P, D]
        float[] y = sum(x, found); // [P, D]
        String features = name + ".feature_mixer";
        return sum(y, gatedPerceptron(norm(y, features), rows, features)); // [P, D]
    }

    private static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
        }
        return y;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] y = new float[a.length];
        for (int i = 0; i < a.length; i++) y[i] = a[i] + b[i];
        return y;
    }

    // =========================================================================== The blocks of a mixer layer

    /**
     * Mixes the n numbers of each row of x [rows, n]: a perceptron with a hidden layer finds m, and each
     * number of m has a gate, which lets a part of it pass. How large a part is computed, by way of a, from
     * all n numbers of that row of m. Therefore it depends on the series: a gate that did not would only
     * scale m, and the weights of fc2 can do that themselves.
     */
    private float[] gatedPerceptron(float[] x, int rows, String name) {
        float[] hidden = gelu(linear(x, name + ".mlp.fc1")); // [rows, 2n]
        float[] m = linear(hidden, name + ".mlp.fc2"); // [rows, n]
        float[] a = linear(m, name + ".gating_block.attn_layer"); // [rows, n]
        return sigmoidGate(m, a);
    }

    /**
     * The gate: m ⊙ σ(a), σ(a) = 1/(1 + e⁻ᵃ). Each number is multiplied by how far its gate is open, from 0,
     * shut, to 1. Why is it there? Not every patch and feature is of use for each series: the gates turn down
     * those that are not. The paper calls this gated attention and has softmax(a) in place of σ(a); unlike
     * attention it compares no pairs of tokens.
     */
    private static float[] sigmoidGate(float[] m, float[] a) {
        float[] y = new float[m.length];
        for (int i = 0; i < m.length; i++) y[i] = (float) (m[i] / (1 + Math.exp(-a[i])));
        return y;
    }

    /** A linear layer: y = x·Wᵀ + b for each row of x [rows, in], W [out, in] and b [out] → [rows, out]. */
    private float[] linear(float[] x, String name) {
        float[] w = weights.get(name + ".weight");
        float[] b = weights.get(name + ".bias");
        int out = b.length;
        int in = w.length / out;
        int rows = x.length / in;
        float[] y = new float[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                float sum = b[o];
                for (int i = 0; i < in; i++) sum += x[r * in + i] * w[o * in + i];
                y[r * out + o] = sum;
            }
        }
        return y;
    }

    /** LayerNorm: the features of each token at mean 0 and variance 1, then at a learned gain and bias. */
    private float[] norm(float[] x, String name) {
        float[] gain = weights.get(name + ".norm.norm.weight"); // [D]
        float[] bias = weights.get(name + ".norm.norm.bias"); // [D]
        float[] y = standardized(x, gain.length); // [P, D]
        for (int i = 0; i < y.length; i++) y[i] = y[i] * gain[i % gain.length] + bias[i % gain.length];
        return y;
    }

    /** (x − mean)/√(variance + 1e-5) of each row of n numbers. */
    private static float[] standardized(float[] x, int n) {
        float[] y = new float[x.length];
        for (int from = 0; from < x.length; from += n) {
            double mean = 0;
            for (int i = from; i < from + n; i++) mean += x[i] / n;
            double variance = 0;
            for (int i = from; i < from + n; i++) variance += (x[i] - mean) * (x[i] - mean) / n;
            for (int i = from; i < from + n; i++) y[i] = (float) ((x[i] - mean) / Math.sqrt(variance + 1e-5));
        }
        return y;
    }

    /** GELU, x·Φ(x): lets positive numbers pass and stops negative ones, without a kink; arXiv:1606.08415. */
    private static float[] gelu(float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) y[i] = (float) (x[i] * normalDistribution(x[i]));
        return y;
    }

    /** Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), φ(x) = e^(−x²/2)/√(2π); Abramowitz and Stegun 26.2.11. */
    private static double normalDistribution(double x) {
        if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-9; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    // ===================================================================================== The quantile head

    /**
     * How sure is the forecast? A small network, the same at every step, looks at the forecast around the
     * step and at what the decoder knows of the series, and says how far each quantile lies from its
     * neighbour nearer to the forecast. Softplus makes these distances positive: quantiles never cross.
     *
     * @param point [96], the forecast, which becomes the middle quantile
     * @param decoded [9, 128]
     * @return [9, 96]
     */
    private float[][] quantiles(float[] point, float[] decoded) {
        String head = "multi_quantile_head_block.";
        float[] summaries = linear(decoded, head + "dec_tok_proj"); // [9, 8]: each token in 8 numbers
        float[] series = linear(summaries, head + "dec_flat_to_hidden"); // [72] → [16]: the series in 16
        float[] widening = linear(series, head + "dec_to_steps"); // [96]: near steps are surer than far ones
        float[] steps = gelu(linear(shape(point), head + "pw1")); // [96, 1] → [96, 16]
        int width = series.length; // 16

        float[][] quantiles = new float[9][point.length];
        for (int t = 0; t < point.length; t++) {
            float[] step = Arrays.copyOfRange(steps, t * width, (t + 1) * width); // [16]
            float[] o = linear(joined(step, series), head + "pw2"); // [32] → [9]
            quantiles[4][t] = point[t]; // o[0] could move it, and is not used
            for (int i = 1; i <= 4; i++) {
                quantiles[4 - i][t] = quantiles[5 - i][t] - softplus(o[i] + widening[t]);
                quantiles[4 + i][t] = quantiles[3 + i][t] + softplus(o[4 + i] + widening[t]);
            }
        }
        return quantiles;
    }

    /** The forecast around each step: a learned filter over three neighbours, standardised over all steps. */
    private float[] shape(float[] point) {
        float[] w = weights.get("multi_quantile_head_block.dw.weight"); // [3]
        float b = weights.get("multi_quantile_head_block.dw.bias")[0];
        float[] z = new float[point.length];
        for (int t = 0; t < point.length; t++) {
            float before = t == 0 ? 0 : point[t - 1];
            float after = t == point.length - 1 ? 0 : point[t + 1];
            z[t] = w[0] * before + w[1] * point[t] + w[2] * after + b;
        }
        float gain = weights.get("multi_quantile_head_block.inorm.weight")[0];
        float bias = weights.get("multi_quantile_head_block.inorm.bias")[0];
        float[] y = standardized(z, z.length);
        for (int t = 0; t < y.length; t++) y[t] = y[t] * gain + bias;
        return y;
    }

    /** ln(1 + eˣ): positive for every x, nearly x for large ones. */
    private static float softplus(float x) {
        return (float) (x > 20 ? x : Math.log1p(Math.exp(x)));
    }

    // ===================================================================================== Reading the model

    /** Reads the folder of a model: its sizes from config.json, its weights from model.safetensors. */
    Ttm(Path folder) throws IOException {
        String config = Files.readString(folder.resolve("config.json"));
        contextLength = Integer.parseInt(value(config, "context_length"));
        patchLength = Integer.parseInt(value(config, "patch_length"));
        levels = Integer.parseInt(value(config, "adaptive_patching_levels"));
        layers = Integer.parseInt(value(config, "num_layers"));
        decoderLayers = Integer.parseInt(value(config, "decoder_num_layers"));
        if (!value(config, "gate_mode").equals("sigmoid")) throw new IllegalArgumentException("other gates");
        weights = weights(folder.resolve("model.safetensors"));
    }

    /** The value of a key, which is a number or a word, in a JSON text. */
    private static String value(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\": *\"?([\\w.-]+)").matcher(json);
        if (!matcher.find()) throw new IllegalArgumentException("config.json has no " + key);
        return matcher.group(1);
    }

    /**
     * The tensors of a file: 8 bytes with the length of a header, the header in JSON, and the numbers in half
     * precision. The header has an entry "NAME":{"dtype":"F16","shape":[192,64],"data_offsets":[FROM,TO]} for
     * each tensor. The shapes are not needed: linear() finds that of a weight by the length of its bias.
     */
    private static Map<String, float[]> weights(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = (int) bytes.getLong(0);
        String header = new String(bytes.array(), 8, headerLength, StandardCharsets.UTF_8);
        Pattern entry = Pattern.compile("\"([^\"]+)\":\\{\"dtype\":\"F16\"[^}]*:\\[(\\d+),(\\d+)\\]\\}");
        Map<String, float[]> weights = new HashMap<>();
        Matcher matcher = entry.matcher(header);
        while (matcher.find()) {
            int from = Integer.parseInt(matcher.group(2));
            int to = Integer.parseInt(matcher.group(3));
            float[] values = new float[(to - from) / 2];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.float16ToFloat(bytes.getShort(8 + headerLength + from + 2 * i));
            }
            weights.put(matcher.group(1), values);
        }
        return weights;
    }

    // ==================================================================================== Reading the series

    /** The times between two steps that the model knows, in minutes; 0 is unknown, and was trained too. */
    private static final List<Long> RESOLUTIONS = List.of(0L, 1L, 2L, 5L, 10L, 15L, 30L, 60L, 1440L, 10080L);

    /**
     * A CSV with a header, the time in the first column, in order, and numbers in the others. An empty cell
     * is a missing value, and so is each value of a step without a row.
     *
     * @param names of the columns
     * @param columns [columns][steps], NaN = missing
     * @param last the time of the last step
     * @param minutes from step to step
     */
    record Table(String[] names, double[][] columns, LocalDateTime last, long minutes) {

        static Table read(Path file) throws IOException {
            List<String> lines = Files.readAllLines(file);
            LocalDateTime[] times = new LocalDateTime[lines.size() - 1];
            for (int i = 0; i < times.length; i++) times[i] = time(lines.get(i + 1).split(",")[0]);
            LocalDateTime last = times[times.length - 1];
            long minutes = Long.MAX_VALUE; // of the two neighbours that are nearest to each other
            for (int i = 1; i < times.length; i++) {
                minutes = Math.min(minutes, ChronoUnit.MINUTES.between(times[i - 1], times[i]));
            }
            String[] header = lines.get(0).split(",");
            int steps = (int) (ChronoUnit.MINUTES.between(times[0], last) / minutes) + 1;
            double[][] columns = new double[header.length - 1][steps];
            for (double[] column : columns) Arrays.fill(column, Double.NaN);
            for (int i = 0; i < times.length; i++) {
                String[] cells = lines.get(i + 1).split(",", -1);
                int step = (int) (ChronoUnit.MINUTES.between(times[0], times[i]) / minutes);
                for (int c = 0; c < columns.length; c++) {
                    if (!cells[c + 1].isBlank()) columns[c][step] = Double.parseDouble(cells[c + 1]);
                }
            }
            return new Table(Arrays.copyOfRange(header, 1, header.length), columns, last, minutes);
        }

        /** 2025-03-03, 2025-03-03 14:00 or 2025-03-03T14:00:00. */
        private static LocalDateTime time(String text) {
            return LocalDateTime.parse(text.length() == 10 ? text + "T00:00" : text.replace(' ', 'T'));
        }
    }

    /** Prints each step to come: its time and, for each column, the forecast and its 80 % interval. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) throw new IllegalArgumentException("usage: Ttm.java FILE.csv [MODEL]");
        Table table = Table.read(Path.of(arguments[0]));
        String name = arguments.length > 1 ? arguments[1] : "512-96";
        Ttm model = new Ttm(Path.of("ttm/src/main/resources/org/ttm4j/ttm/models").resolve(name));
        int resolution = Math.max(0, RESOLUTIONS.indexOf(table.minutes));

        StringBuilder header = new StringBuilder("time");
        double[][][] forecasts = new double[table.columns.length][][]; // [columns][9][96]
        for (int c = 0; c < forecasts.length; c++) {
            forecasts[c] = model.forecast(table.columns[c], resolution);
            for (String end : List.of("", ".q0.1", ".q0.9")) header.append("," + table.names[c] + end);
        }
        System.out.println(header);
        for (int t = 0; t < forecasts[0][0].length; t++) {
            LocalDateTime time = table.last.plusMinutes(table.minutes * (t + 1));
            StringBuilder row = new StringBuilder(time.toString().replace('T', ' '));
            for (double[][] forecast : forecasts) {
                for (int q : new int[]{4, 0, 8}) row.append("," + (float) forecast[q][t]);
            }
            System.out.println(row);
        }
    }
}
