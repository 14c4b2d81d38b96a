import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * The training of a Tiny Time Mixer in one file, with every gradient written by hand: starts from random
 * weights, learns from a CSV, and forecasts what comes after it. It needs a JDK from version 21 on and
 * nothing else. In the folder of the checkout:
 *
 * <pre>
 * java examples/TrainTtm.java data/samples/hourly-load.csv
 * java examples/TrainTtm.java data/samples/hourly-load.csv --check
 * </pre>
 *
 * The second compares each gradient with finite differences. Read Ttm.java first: it says what the blocks are
 * for. Here each block has its backward pass directly below its forward pass.
 *
 * <p>The backward pass answers one question for every number on the way from the past to the loss: by how
 * much would the loss rise, per unit, if this number rose a little? The answer for y is called dy, that for
 * a weight w is dw. A block y = f(x) is given dy; from what it kept of its last forward pass it finds dw,
 * which it adds to what other series of the batch found, and dx, which it returns. For that it only needs to
 * know itself, so that blocks can be stacked.
 *
 * <p>The model is that of the paper (Ekambaram et al. 2024, arXiv:2401.03955), with softmax gates and without
 * quantiles. An array holds a matrix row after row: [9, 24] is 9 rows of 24 numbers.
 */
public final class TrainTtm {
    private static final int CONTEXT = 96; // L, the steps that it reads
    private static final int HORIZON = 24; // H, the steps that it forecasts
    private static final int PATCH = 12; // steps of a patch
    private static final int TOKENS = CONTEXT / PATCH + 1; // P = 9: the resolution prefix and 8 patches
    private static final int D = 24; // features of a token
    private static final int DECODER_D = 16; // features of a token in the decoder
    private static final int LEVELS = 2; // of adaptive patching: 18 tokens of 12 features, then 9 of 24
    private static final int LAYERS = 2; // in each level
    private static final int DECODER_LAYERS = 2;

    private static final int EPOCHS = 10;
    private static final int BATCH = 32; // series that are seen between two changes of the weights
    private static final double RATE = 3e-3; // about how much a step may change a weight
    private static final double DECAY = 0.01; // and by how much of itself, times the rate, a weight shrinks
    private static final int DIRECTIONS = 8; // in which a check moves the weights of a tensor
    private static final double MOVE = 1e-6; // of each weight

    // ============================================================================================== The pass

    private final Map<String, Weights> weights = new LinkedHashMap<>(); // by name
    private final Random random;
    private final Prefix prefix;
    private final Linear patcher;
    private final Block mixers;
    private double deviation; // of the series that went forward last

    /** A model with random weights: the same seed gives the same ones. */
    TrainTtm(long seed) {
        random = new Random(seed);
        prefix = new Prefix("backbone.encoder.freq_mod");
        patcher = new Linear("backbone.encoder.patcher", PATCH, D);
        List<Block> blocks = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            int factor = 1 << (LEVELS - 1 - level); // 2, 1
            for (int layer = 0; layer < LAYERS; layer++) {
                String name = "backbone.encoder.mlp_mixer_encoder.mixers." + level + ".mixer_layers." + layer;
                blocks.add(mixerLayer(name, TOKENS * factor, D / factor)); // [18, 12], [9, 24]
            }
        }
        blocks.add(new Linear("decoder.adapter", D, DECODER_D)); // [9, 24] → [9, 16]
        for (int layer = 0; layer < DECODER_LAYERS; layer++) {
            blocks.add(mixerLayer("decoder.decoder_block.mixers." + layer, TOKENS, DECODER_D)); // [9, 16]
        }
        blocks.add(new Linear("head.base_forecast_block", TOKENS * DECODER_D, HORIZON)); // [144] → [24]
        mixers = new Chain(blocks);
    }

    /** Forecasts the 24 steps after a past of 96, none of them missing. */
    double[] forward(double[] past, int resolution) {
        double mean = 0;
        for (double value : past) mean += value / CONTEXT;
        double variance = 0;
        for (double value : past) variance += (value - mean) * (value - mean) / CONTEXT;
        deviation = Math.sqrt(variance + 1e-5);
        double[] patches = new double[CONTEXT]; // [8, 12], scaled
        for (int t = 0; t < CONTEXT; t++) patches[t] = (past[t] - mean) / deviation;
        double[] tokens = joined(prefix.forward(resolution), patcher.forward(patches)); // [9, 24]
        double[] scaled = mixers.forward(tokens); // [24]
        double[] forecast = new double[HORIZON];
        for (int t = 0; t < HORIZON; t++) forecast[t] = scaled[t] * deviation + mean;
        return forecast;
    }

    /**
     * Adds to the gradients of all weights, for the series that went forward last. It ends at the tokens: the
     * past is given and has nothing to learn.
     */
    void backward(double[] dforecast) {
        double[] dscaled = new double[HORIZON]; // [24]
        for (int t = 0; t < HORIZON; t++) dscaled[t] = dforecast[t] * deviation;
        double[] dtokens = mixers.backward(dscaled); // [9, 24]
        prefix.backward(Arrays.copyOfRange(dtokens, 0, D)); // [24], the first row
        patcher.backward(Arrays.copyOfRange(dtokens, D, dtokens.length)); // [8, 24], the others
    }

    /** The rows of a, then those of b. */
    private static double[] joined(double[] a, double[] b) {
        double[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    /** A mixer layer on [rows, columns]: mixes tokens, then features, each with a norm and a residual. */
    private Block mixerLayer(String name, int rows, int columns) {
        String patches = name + ".patch_mixer";
        Block tokenMixer = new Transposed(rows, columns, perceptron(patches, rows));
        String features = name + ".feature_mixer";
        Block featureMixer = perceptron(features, columns);
        return new Chain(List.of(
                new Residual(new Chain(List.of(new LayerNorm(patches, columns), tokenMixer))),
                new Residual(new Chain(List.of(new LayerNorm(features, columns), featureMixer)))));
    }

    /** Mixes the n numbers of each row: a perceptron with a hidden layer of twice the width, then a gate. */
    private Block perceptron(String name, int n) {
        return new Chain(List.of(
                new Linear(name + ".mlp.fc1", n, 2 * n),
                new Gelu(),
                new Linear(name + ".mlp.fc2", 2 * n, n),
                new SoftmaxGate(name + ".gating_block.attn_layer", n)));
    }

    // ================================================================================= Blocks made of blocks

    /** A part of the network. */
    interface Block {
        /** y = f(x). */
        double[] forward(double[] x);

        /** dx for the x that went forward last; adds to the gradients of its weights. */
        double[] backward(double[] dy);
    }

    /** One block after the other: y = h(g(f(x))). */
    record Chain(List<Block> blocks) implements Block {
        @Override
        public double[] forward(double[] x) {
            double[] y = x;
            for (Block block : blocks) y = block.forward(y);
            return y;
        }

        /** The chain rule: the last block first, and each is given what the one behind it returns. */
        @Override
        public double[] backward(double[] dy) {
            double[] dx = dy;
            for (int i = blocks.size() - 1; i >= 0; i--) dx = blocks.get(i).backward(dx);
            return dx;
        }
    }

    /** y = x + f(x). */
    record Residual(Block block) implements Block {
        @Override
        public double[] forward(double[] x) {
            return sum(x, block.forward(x));
        }

        /** x acts on y in two ways, so dx has two parts. The first is dy, undiminished however deep. */
        @Override
        public double[] backward(double[] dy) {
            return sum(dy, block.backward(dy));
        }

        private static double[] sum(double[] a, double[] b) {
            double[] y = new double[a.length];
            for (int i = 0; i < a.length; i++) y[i] = a[i] + b[i];
            return y;
        }
    }

    /** y = f(xᵀ)ᵀ for x [rows, columns]: a block that works along rows works along columns. */
    record Transposed(int rows, int columns, Block block) implements Block {
        @Override
        public double[] forward(double[] x) {
            return transposed(block.forward(transposed(x, rows, columns)), columns, rows);
        }

        /** Each number goes back the way that it came. */
        @Override
        public double[] backward(double[] dy) {
            return transposed(block.backward(transposed(dy, rows, columns)), columns, rows);
        }

        private static double[] transposed(double[] x, int rows, int columns) {
            double[] y = new double[x.length];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
            }
            return y;
        }
    }

    // =================================================================================== Blocks that compute

    /** y = x·Wᵀ + b for each row of x [rows, in], with W [out, in] and b [out]. */
    final class Linear implements Block {
        private final int in;
        private final int out;
        private final double[] w;
        private final double[] dw;
        private final double[] b;
        private final double[] db;
        private double[] x;

        Linear(String name, int in, int out) {
            this.in = in;
            this.out = out;
            double bound = 1 / Math.sqrt(in); // so that y is about as large as x, however wide the layer
            Weights weight = uniform(name + ".weight", out * in, bound);
            Weights bias = uniform(name + ".bias", out, bound);
            w = weight.values;
            dw = weight.gradient;
            b = bias.values;
            db = bias.gradient;
        }

        @Override
        public double[] forward(double[] x) {
            this.x = x;
            int rows = x.length / in;
            double[] y = new double[rows * out];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    double sum = b[o];
                    for (int i = 0; i < in; i++) sum += x[r * in + i] * w[o * in + i];
                    y[r * out + o] = sum;
                }
            }
            return y;
        }

        /** dx = dy·W and dW = dyᵀ·x, for x and W meet in one product; db is the sum of the rows of dy. */
        @Override
        public double[] backward(double[] dy) {
            int rows = dy.length / out;
            double[] dx = new double[rows * in];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    double dsum = dy[r * out + o];
                    db[o] += dsum;
                    for (int i = 0; i < in; i++) {
                        dx[r * in + i] += dsum * w[o * in + i];
                        dw[o * in + i] += dsum * x[r * in + i];
                    }
                }
            }
            return dx;
        }
    }

    /** y = x·Φ(x), Φ the normal distribution (arXiv:1606.08415). */
    static final class Gelu implements Block {
        private double[] x;
        private double[] phi; // Φ(x)

        @Override
        public double[] forward(double[] x) {
            this.x = x;
            phi = new double[x.length];
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                phi[i] = distribution(x[i]);
                y[i] = x[i] * phi[i];
            }
            return y;
        }

        /** dx = dy·(Φ(x) + x·φ(x)) by the product rule: the slope of the distribution Φ is the density φ. */
        @Override
        public double[] backward(double[] dy) {
            double[] dx = new double[dy.length];
            for (int i = 0; i < dy.length; i++) dx[i] = dy[i] * (phi[i] + x[i] * density(x[i]));
            return dx;
        }

        /** Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …); Abramowitz and Stegun 26.2.11. */
        private static double distribution(double x) {
            if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
            double term = x;
            double sum = x;
            for (int k = 3; Math.abs(term) > 1e-16; k += 2) {
                term *= x * x / k;
                sum += term;
            }
            return 0.5 + sum * density(x);
        }

        /** φ(x) = e^(−x²/2)/√(2π). */
        private static double density(double x) {
            return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        }
    }

    /** y = x̂·gain + bias, x̂ = (x − mean)·r, r = 1/√(variance + 1e-5), each row of n numbers by itself. */
    final class LayerNorm implements Block {
        private final int n;
        private final double[] gain;
        private final double[] dgain;
        private final double[] bias;
        private final double[] dbias;
        private double[] normal; // x̂ [rows, n]
        private double[] r; // [rows]

        LayerNorm(String name, int n) {
            this.n = n;
            Weights weight = uniform(name + ".norm.norm.weight", n, 0);
            Weights offset = uniform(name + ".norm.norm.bias", n, 0);
            gain = weight.values;
            dgain = weight.gradient;
            bias = offset.values;
            dbias = offset.gradient;
            Arrays.fill(gain, 1);
        }

        @Override
        public double[] forward(double[] x) {
            normal = new double[x.length];
            r = new double[x.length / n];
            double[] y = new double[x.length];
            for (int row = 0; row < r.length; row++) {
                int from = row * n;
                double mean = 0;
                for (int i = 0; i < n; i++) mean += x[from + i] / n;
                double variance = 0;
                for (int i = 0; i < n; i++) variance += (x[from + i] - mean) * (x[from + i] - mean) / n;
                r[row] = 1 / Math.sqrt(variance + 1e-5);
                for (int i = 0; i < n; i++) {
                    normal[from + i] = (x[from + i] - mean) * r[row];
                    y[from + i] = normal[from + i] * gain[i] + bias[i];
                }
            }
            return y;
        }

        /**
         * With dx̂ = dy·gain: dx = r·(dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂)). Were mean and variance constants,
         * it would be r·dx̂. But shifting all of x, or stretching it about its mean, leaves x̂ and so the
         * loss as they are: dx is orthogonal to the vector of ones and to x̂. The two terms subtract the
         * parts of dx̂ along these.
         */
        @Override
        public double[] backward(double[] dy) {
            double[] dx = new double[dy.length];
            for (int row = 0; row < r.length; row++) {
                int from = row * n;
                double mean = 0; // of dx̂
                double along = 0; // mean of dx̂·x̂
                for (int i = 0; i < n; i++) {
                    double dnormal = dy[from + i] * gain[i];
                    mean += dnormal / n;
                    along += dnormal * normal[from + i] / n;
                    dgain[i] += dy[from + i] * normal[from + i];
                    dbias[i] += dy[from + i];
                }
                for (int i = 0; i < n; i++) {
                    double dnormal = dy[from + i] * gain[i];
                    dx[from + i] = r[row] * (dnormal - mean - normal[from + i] * along);
                }
            }
            return dx;
        }
    }

    /** y = x ⊙ p, p = softmax(a), a = linear(x), each row of n numbers by itself. */
    final class SoftmaxGate implements Block {
        private final int n;
        private final Linear linear;
        private double[] x;
        private double[] p;

        SoftmaxGate(String name, int n) {
            this.n = n;
            linear = new Linear(name, n, n);
        }

        @Override
        public double[] forward(double[] x) {
            this.x = x;
            double[] a = linear.forward(x);
            p = new double[x.length];
            double[] y = new double[x.length];
            for (int from = 0; from < x.length; from += n) {
                double largest = Double.NEGATIVE_INFINITY; // which is taken off, for e⁷¹⁰ overflows
                for (int i = from; i < from + n; i++) largest = Math.max(largest, a[i]);
                double sum = 0;
                for (int i = from; i < from + n; i++) sum += Math.exp(a[i] - largest);
                for (int i = from; i < from + n; i++) {
                    p[i] = Math.exp(a[i] - largest) / sum;
                    y[i] = x[i] * p[i];
                }
            }
            return y;
        }

        /**
         * With dp = dy ⊙ x: da = p ⊙ (dp − Σ dp·p), as ∂pᵢ/∂aⱼ = pᵢ·([i = j] − pⱼ): a gate opens at the cost
         * of the others in its row. x both passes the gate and moves it, so that dx = dy ⊙ p + what comes
         * back through a.
         */
        @Override
        public double[] backward(double[] dy) {
            double[] da = new double[dy.length];
            for (int from = 0; from < dy.length; from += n) {
                double sum = 0; // of dp·p
                for (int i = from; i < from + n; i++) sum += dy[i] * x[i] * p[i];
                for (int i = from; i < from + n; i++) da[i] = p[i] * (dy[i] * x[i] - sum);
            }
            double[] dx = linear.backward(da);
            for (int i = 0; i < dy.length; i++) dx[i] += dy[i] * p[i];
            return dx;
        }
    }

    /** The resolution prefix: a row of a table [10, 12], which a perceptron turns into a token [24]. */
    final class Prefix {
        private final double[] table;
        private final double[] dtable;
        private final Block perceptron;
        private int resolution;

        Prefix(String name) {
            Weights embedding = normal(name + ".0.weight", RESOLUTIONS.size() * PATCH);
            table = embedding.values;
            dtable = embedding.gradient;
            int middle = (PATCH + D) / 2; // 18
            perceptron = new Chain(List.of(
                    new Linear(name + ".1", PATCH, middle),
                    new Gelu(),
                    new Linear(name + ".3", middle, D)));
        }

        double[] forward(int resolution) {
            this.resolution = resolution;
            int from = resolution * PATCH;
            return perceptron.forward(Arrays.copyOfRange(table, from, from + PATCH)); // [12] → [24]
        }

        /** Only the row that was looked up has a gradient. */
        void backward(double[] dtoken) {
            double[] drow = perceptron.backward(dtoken); // [12]
            for (int i = 0; i < PATCH; i++) dtable[resolution * PATCH + i] += drow[i];
        }
    }

    // =============================================================== Weights, the loss and how weights learn

    /** The numbers of one tensor and, for each, its gradient and what AdamW remembers of earlier ones. */
    static final class Weights {
        final double[] values;
        final double[] gradient;
        private final double[] mean;
        private final double[] square;

        Weights(int size) {
            values = new double[size];
            gradient = new double[size];
            mean = new double[size];
            square = new double[size];
        }
    }

    /** New weights, drawn evenly between −bound and bound. */
    private Weights uniform(String name, int size, double bound) {
        Weights made = new Weights(size);
        for (int i = 0; i < size; i++) made.values[i] = (2 * random.nextDouble() - 1) * bound;
        weights.put(name, made);
        return made;
    }

    /** New weights, drawn from the normal distribution. */
    private Weights normal(String name, int size) {
        Weights made = new Weights(size);
        for (int i = 0; i < size; i++) made.values[i] = random.nextGaussian();
        weights.put(name, made);
        return made;
    }

    /** A past [96], the future [24] that followed it, and the resolution of both: 7 is an hour. */
    record Window(double[] past, double[] future, int resolution) {}

    /** The mean squared error of a batch. If {@code learning}, every weight is given its gradient. */
    double loss(List<Window> batch, boolean learning) {
        int count = batch.size() * HORIZON;
        double loss = 0;
        for (Window window : batch) {
            double[] forecast = forward(window.past, window.resolution);
            double[] dforecast = new double[HORIZON];
            for (int t = 0; t < HORIZON; t++) {
                double error = forecast[t] - window.future[t];
                loss += error * error / count;
                dforecast[t] = 2 * error / count; // where every gradient begins: dloss is 1
            }
            if (learning) backward(dforecast);
        }
        return loss;
    }

    /**
     * AdamW (arXiv:1711.05101), its {@code number}-th step. Each weight moves against the mean of its last
     * gradients, divided by the root of their mean square: by about the rate if they agree, whatever their
     * size, and by little if they contradict each other. Weights that nothing needs decay.
     */
    void step(int number, double rate) {
        double meanShare = 1 - Math.pow(0.9, number); // the share of w.mean that is not the 0 it began with
        double squareShare = 1 - Math.pow(0.999, number);
        for (Weights w : weights.values()) {
            for (int i = 0; i < w.values.length; i++) {
                double dw = w.gradient[i];
                w.mean[i] = 0.9 * w.mean[i] + 0.1 * dw;
                w.square[i] = 0.999 * w.square[i] + 0.001 * dw * dw;
                double move = w.mean[i] / meanShare / (Math.sqrt(w.square[i] / squareShare) + 1e-8);
                w.values[i] -= rate * (move + DECAY * w.values[i]);
            }
            Arrays.fill(w.gradient, 0);
        }
    }

    /** One cycle: the rate rises for a tenth of the steps, while AdamW knows little, then falls to 0. */
    private static double rate(int number, int steps) {
        double part = (double) number / steps;
        return part < 0.1 ? RATE * part / 0.1 : RATE * (1 + Math.cos(Math.PI * (part - 0.1) / 0.9)) / 2;
    }

    // ============================================================================================== Training

    /** Learns from the first four fifths of a CSV, is tested on the last, and forecasts what comes next. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) throw new IllegalArgumentException("usage: TrainTtm.java FILE [--check]");
        Table table = Table.read(Path.of(arguments[0]));
        int steps = table.columns[0].length;
        int trained = steps * 4 / 5;
        double[][] columns = table.standardized(trained);
        List<Window> windows = windows(columns, 0, trained, table.resolution());
        List<Window> test = windows(columns, trained - CONTEXT, steps, table.resolution());
        TrainTtm model = new TrainTtm(1);
        if (arguments.length > 1) {
            model.check(windows.subList(0, 1));
            return;
        }
        print("%d windows to learn from, %d to be tested on", windows.size(), test.size());
        double ofMeans = lossOfMeans(columns, trained, table.minutes);
        print("test loss %.4f if each hour is forecast by its mean in training", ofMeans);
        print("test loss %.4f if the last %d steps are repeated", lossOfRepeating(test), HORIZON);
        model.train(windows, test);
        model.printForecast(table);
    }

    private void train(List<Window> windows, List<Window> test) {
        long begin = System.nanoTime();
        List<Window> shuffled = new ArrayList<>(windows);
        int batches = windows.size() / BATCH;
        int number = 0;
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            Collections.shuffle(shuffled, random);
            double sum = 0;
            for (int batch = 0; batch < batches; batch++) {
                sum += loss(shuffled.subList(batch * BATCH, (batch + 1) * BATCH), true);
                number++;
                step(number, rate(number, batches * EPOCHS));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double loss = loss(test, false);
            print("test loss %.4f, in training %.4f, epoch %d, %.0f s", loss, sum / batches, epoch, seconds);
        }
    }

    /** Prints the forecast in original units, as the model scales each past by itself. */
    private void printForecast(Table table) {
        StringBuilder header = new StringBuilder("time");
        for (String name : table.names) header.append("," + name);
        print("%s", header);
        double[][] forecasts = new double[table.columns.length][]; // [columns][24]
        for (int c = 0; c < forecasts.length; c++) {
            double[] column = table.columns[c];
            double[] past = Arrays.copyOfRange(column, column.length - CONTEXT, column.length);
            forecasts[c] = forward(past, table.resolution());
        }
        for (int t = 0; t < HORIZON; t++) {
            LocalDateTime time = table.last.plusMinutes(table.minutes * (t + 1));
            StringBuilder row = new StringBuilder(time.toString().replace('T', ' '));
            for (double[] forecast : forecasts) row.append("," + (float) forecast[t]);
            print("%s", row);
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /**
     * Compares the gradients of each tensor with what they mean: moves all of its weights a little, each up
     * or down at random, and looks by how much the loss moves. That should be the sum of the gradients, each
     * with the sign of its move. The mean square of what differs, over many such directions, is the sum of
     * the squares of the errors of all gradients.
     */
    private void check(List<Window> batch) {
        loss(batch, true);
        double worst = 0;
        for (Map.Entry<String, Weights> entry : weights.entrySet()) {
            Weights w = entry.getValue();
            double size = 0;
            for (double gradient : w.gradient) size += gradient * gradient;
            double difference = 0;
            for (int direction = 0; direction < DIRECTIONS; direction++) {
                double[] signs = new double[w.values.length];
                double expected = 0;
                for (int i = 0; i < signs.length; i++) {
                    signs[i] = random.nextBoolean() ? 1 : -1;
                    expected += signs[i] * w.gradient[i];
                }
                double above = movedLoss(w, signs, MOVE, batch);
                double below = movedLoss(w, signs, -MOVE, batch);
                difference += Math.pow((above - below) / (2 * MOVE) - expected, 2) / DIRECTIONS;
            }
            double deviation = Math.sqrt(difference / size);
            print("%.1e  %s, %d gradients", deviation, entry.getKey(), w.values.length);
            worst = Math.max(worst, deviation);
        }
        if (!(worst < 1e-5)) throw new IllegalStateException("a gradient is wrong: it deviates by " + worst);
        print("all gradients are within %.1e of finite differences", worst);
    }

    private double movedLoss(Weights w, double[] signs, double move, List<Window> batch) {
        double[] values = w.values.clone();
        for (int i = 0; i < values.length; i++) w.values[i] += move * signs[i];
        double loss = loss(batch, false);
        System.arraycopy(values, 0, w.values, 0, values.length);
        return loss;
    }

    // =================================================================== What a forecast must be better than

    /** The loss of forecasting each step of a day by its mean in training: 8 o'clock is as 8 o'clock was. */
    private static double lossOfMeans(double[][] columns, int trained, long minutes) {
        int day = (int) Math.max(1, 1440 / minutes); // steps
        double loss = 0;
        int count = 0;
        for (double[] column : columns) {
            double[] sums = new double[day];
            int[] days = new int[day];
            for (int t = 0; t < trained; t++) {
                sums[t % day] += column[t];
                days[t % day]++;
            }
            for (int from = trained; from + HORIZON <= column.length; from++) {
                for (int t = from; t < from + HORIZON; t++) {
                    double error = sums[t % day] / days[t % day] - column[t];
                    loss += error * error;
                    count++;
                }
            }
        }
        return loss / count;
    }

    /** The loss of repeating the last steps of the past: for hours, tomorrow is as today. */
    private static double lossOfRepeating(List<Window> windows) {
        double loss = 0;
        for (Window window : windows) {
            for (int t = 0; t < HORIZON; t++) {
                double error = window.past[CONTEXT - HORIZON + t] - window.future[t];
                loss += error * error / (windows.size() * HORIZON);
            }
        }
        return loss;
    }

    // ============================================================================================ The series

    /** All windows between two steps, at each step and of each column. */
    private static List<Window> windows(double[][] columns, int from, int to, int resolution) {
        List<Window> windows = new ArrayList<>();
        for (int t = from; t + CONTEXT + HORIZON <= to; t++) {
            for (double[] column : columns) {
                double[] past = Arrays.copyOfRange(column, t, t + CONTEXT);
                double[] future = Arrays.copyOfRange(column, t + CONTEXT, t + CONTEXT + HORIZON);
                windows.add(new Window(past, future, resolution));
            }
        }
        return windows;
    }

    /** The times between two steps that have a number, in minutes; 0, unknown, stands for all others. */
    private static final List<Long> RESOLUTIONS = List.of(0L, 1L, 2L, 5L, 10L, 15L, 30L, 60L, 1440L, 10080L);

    /**
     * A CSV with a header, the time in the first column, in order, and numbers in the others. Missing values
     * and steps without a row are interpolated.
     *
     * @param names of the columns
     * @param columns [columns][steps]
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
            for (int c = 0; c < columns.length; c++) columns[c] = interpolated(columns[c]);
            return new Table(Arrays.copyOfRange(header, 1, header.length), columns, last, minutes);
        }

        /** 2025-03-03, 2025-03-03 14:00 or 2025-03-03T14:00:00. */
        private static LocalDateTime time(String text) {
            return LocalDateTime.parse(text.length() == 10 ? text + "T00:00" : text.replace(' ', 'T'));
        }

        /** Each gap becomes a line between its neighbours; at an edge the nearest value is repeated. */
        private static double[] interpolated(double[] column) {
            double[] filled = column.clone();
            for (int t = 0; t < column.length; t++) {
                if (!Double.isNaN(column[t])) continue;
                int left = t;
                while (left >= 0 && Double.isNaN(column[left])) left--;
                int right = t;
                while (right < column.length && Double.isNaN(column[right])) right++;
                if (left < 0) filled[t] = column[right];
                else if (right == column.length) filled[t] = column[left];
                else filled[t] = column[left] + (column[right] - column[left]) * (t - left) / (right - left);
            }
            return filled;
        }

        int resolution() {
            return Math.max(0, RESOLUTIONS.indexOf(minutes));
        }

        /** The columns at mean 0 and deviation 1 in training, so that errors of all columns weigh alike. */
        double[][] standardized(int trained) {
            double[][] standardized = new double[columns.length][columns[0].length];
            for (int c = 0; c < columns.length; c++) {
                double mean = 0;
                for (int t = 0; t < trained; t++) mean += columns[c][t] / trained;
                double variance = 0;
                for (int t = 0; t < trained; t++) variance += Math.pow(columns[c][t] - mean, 2) / trained;
                for (int t = 0; t < columns[c].length; t++) {
                    standardized[c][t] = (columns[c][t] - mean) / Math.sqrt(variance);
                }
            }
            return standardized;
        }
    }
}
