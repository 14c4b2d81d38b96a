import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ttm4j.engine.NdArray;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.inspect.TracedTensor;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.SafeTensor;

/**
 * Makes of a model with softmax gates the weights from which one with sigmoid gates is trained on. A softmax gate's weight is
 * exp(l)/S with S = Σ exp(l), which is near σ(l − log S) where it is small. So the bias of each gate is lowered by the mean of
 * log S over some windows. Where log S differs from window to window by more than a factor of e³, the gate gives nearly all
 * weight to one feature: such a block begins anew, nearly silent, with a gate that is a quarter open everywhere.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp 'cli/target/lib/*' docs/measurements/SigmoidGates.java MODEL_DIR OUT_DIR
 * </pre>
 */
public class SigmoidGates {
    private static final int WINDOWS = 200;
    private static final double LARGEST_DEVIATION = 3;

    private final Checkpoint checkpoint;
    private final Map<String, SafeTensor> weights;

    private SigmoidGates(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        weights = new LinkedHashMap<>(checkpoint.tensors());
    }

    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0]);
        Path to = Path.of(args[1]);
        SigmoidGates model = new SigmoidGates(Checkpoint.read(from));
        model.convert(Forecaster.load(from));
        Checkpoint.write(to, model.checkpoint.config(), model.weights);
        Path config = to.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"softmax\"", "\"sigmoid\""));
    }

    private void convert(Forecaster forecaster) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("data/samples/hourly-load.csv"));
        float[] load = new float[lines.size() - 1];
        for (int i = 0; i < load.length; i++) {
            String cell = lines.get(i + 1).split(",", -1)[1];
            load[i] = cell.isEmpty() ? 50 : Float.parseFloat(cell);
        }
        Map<String, double[]> moments = new LinkedHashMap<>(); // count, sum and sum of squares of log S
        Random random = new Random(1);
        for (int window = 0; window < WINDOWS; window++) {
            float[] x = window(load, window % 4, random);
            Trace trace = forecaster.trace(ForecastRequest.of(new float[][]{x}));
            for (TracedTensor gate : trace.gates()) {
                add(trace, gate.name(), moments.computeIfAbsent(gate.name(), none -> new double[3]));
            }
        }
        moments.forEach((gate, m) -> {
            double mean = m[1] / m[0];
            double deviation = Math.sqrt(m[2] / m[0] - mean * mean);
            boolean anew = deviation > LARGEST_DEVIATION;
            change(gate + ".attn_layer.bias", anew ? 0 : 1, anew ? -1 : -mean);
            change(gate + ".attn_layer.weight", anew ? 0 : 1, 0);
            for (String name : List.of(".mlp.fc2.weight", ".mlp.fc2.bias")) change(mixer(gate) + name, anew ? 0.05 : 1, 0);
            System.out.printf("%s: log S %.2f ± %.2f%s%n", gate, mean, deviation, anew ? ", begun anew" : "");
        });
    }

    /** The load from some row on, twice as it is, once with noise, and a random walk. */
    private float[] window(float[] load, int kind, Random random) {
        float[] x = new float[checkpoint.config().contextLength()];
        int from = random.nextInt(load.length);
        for (int i = 0; i < x.length; i++) {
            float value = load[(from + i) % load.length];
            if (kind == 2) value += (float) random.nextGaussian() * 5;
            x[i] = kind < 3 ? value : (i == 0 ? 0 : x[i - 1]) + (float) random.nextGaussian();
        }
        return x;
    }

    private static String mixer(String gate) {
        return gate.substring(0, gate.lastIndexOf('.'));
    }

    /** Computes what the gate sees, row by row, from the hidden layer before it. */
    private void add(Trace trace, String gate, double[] moments) {
        float[] hidden = trace.tensor(mixer(gate) + ".mlp.fc1").array().values();
        boolean left = gate.contains("patch_mixer");
        int size = weights.get(mixer(gate) + ".mlp.fc2.weight").shape().dim(1);
        int rows = hidden.length / size;
        for (int row = 0; row < rows; row++) {
            double[] h = new double[size];
            for (int i = 0; i < size; i++) h[i] = left ? hidden[i * rows + row] : hidden[row * size + i];
            double[] logits = linear(gate + ".attn_layer", linear(mixer(gate) + ".mlp.fc2", h));
            double sum = 0;
            for (double logit : logits) sum += Math.exp(logit);
            moments[0]++;
            moments[1] += Math.log(sum);
            moments[2] += Math.log(sum) * Math.log(sum);
        }
    }

    private double[] linear(String layer, double[] x) {
        float[] weight = checkpoint.tensors().get(layer + ".weight").floats().values();
        float[] bias = checkpoint.tensors().get(layer + ".bias").floats().values();
        double[] y = new double[bias.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) y[o] += weight[o * x.length + i] * x[i];
        }
        return y;
    }

    private void change(String name, double factor, double addend) {
        NdArray tensor = weights.get(name).floats();
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) values[i] = (float) (values[i] * factor + addend);
        weights.put(name, SafeTensor.of(new NdArray(tensor.shape(), values)));
    }
}
