package org.ttm4j.ttm.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.optim.AdamW;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Numbers recorded from the reference model, to hold this one against: a checkpoint folder with
 * {@code tensors.safetensors} (inputs and results, in the reference's [B, time, C] layout) and, where recorded,
 * {@code gradients.safetensors} and {@code training.json}. {@link #verify} runs all that is there, dropout off. Nothing
 * in these files is trusted: what does not have the model's shapes is an error, and their length is bounded.
 */
public final class Recording {
    /** The largest deviation of one recorded quantity, as a multiple of what is tolerated: within bounds up to 1. */
    public record Deviation(String what, double ofTolerance) {
        public boolean within() {
            return ofTolerance <= 1;
        }
    }

    private static final String GRADIENTS = "gradients.safetensors";
    private static final String TRAINING = "training.json";
    private static final String LOSSES = "loss_before_each_step";
    private static final int MAX_TRAINING_BYTES = 1 << 20;
    private static final int MAX_LOSSES = 1000;

    private final Path folder;
    private final TtmModel model;
    private final RecordedTensors tensors;
    private final List<Deviation> deviations = new ArrayList<>();
    private final Graph graph = new Graph(Graph.Mode.GRADIENT);
    private TtmModel.Outputs outputs;
    private Tensor loss;

    private Recording(Path folder) throws IOException {
        this.folder = folder;
        model = TtmModel.of(Checkpoint.read(folder));
        tensors = new RecordedTensors(folder.resolve("tensors.safetensors"));
    }

    /**
     * Runs a recorded case.
     *
     * @throws CheckpointException when a file of the case cannot be read, lacks a tensor, or has one that this model's
     *     cannot be compared with
     */
    public static List<Deviation> verify(Path folder) throws IOException {
        Recording recording = new Recording(folder);
        recording.record();
        recording.verifyForward();
        if (recording.has(GRADIENTS)) recording.verifyGradients();
        if (recording.has(TRAINING)) recording.verifyTraining();
        return recording.deviations;
    }

    private boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    private void record() throws IOException {
        TtmConfig config = model.config();
        Shape past = tensors.series("past_values", config.contextLength());
        int batch = past.dim(0);
        int channels = past.dim(2);
        boolean masked = tensors.has("past_observed_mask");
        TtmModel.Inputs inputs = inputs(batch, channels, masked);
        // Of a longer history the end counts.
        int surplus = past.dim(1) - config.contextLength();
        int[] all = IntStream.range(0, channels).toArray();
        fill(inputs.past(), "past_values", past, surplus, all);
        if (masked) fill(inputs.mask(), "past_observed_mask", past, surplus, all);
        if (inputs.resolutionTokens() != null) {
            int[] tokens = tensors.integers("freq_token", Shape.of(batch), config.frequencyTokenVocabSize() - 1);
            System.arraycopy(tokens, 0, inputs.resolutionTokens(), 0, batch);
        }
        if (inputs.categories() != null) fillCategories(inputs.categories(), batch);
        boolean needsLoss = tensors.has("loss") || has(GRADIENTS) || has(TRAINING);
        boolean hasLoss = config.loss() != TtmConfig.Loss.NONE && needsLoss;
        // Zeros stand in for a known future that was not recorded, where the model can do without.
        boolean known = inputs.knownFuture() != null && (config.needsKnownFuture() || tensors.has("future_values"));
        Shape future = known || hasLoss ? future(batch, channels) : null;
        if (known) fill(inputs.knownFuture(), "future_values", future, 0, config.exogenousChannels());
        outputs = model.forward(inputs);
        outputs.forecast().keep();
        if (hasLoss) recordLoss(future, config.predictionChannels(channels));
    }

    private TtmModel.Inputs inputs(int batch, int channels, boolean masked) throws CheckpointException {
        TtmConfig config = model.config();
        int least = config.leastChannels();
        if (channels < least || config.mixesChannels() && channels > least) {
            throw tensors.wrong("past_values",
                    "has " + channels + " channels: expected " + (config.mixesChannels() ? "" : "at least ") + least);
        }
        return model.inputs(graph, batch, channels, masked);
    }

    private void fillCategories(int[][] categories, int batch) throws CheckpointException {
        List<Integer> vocabularies = model.config().categoricalVocabSizeList();
        int most = vocabularies.stream().mapToInt(size -> size - 1).max().orElse(0);
        int[] values = tensors.integers("static_categorical_values", Shape.of(batch, categories.length), most);
        for (int i = 0; i < values.length; i++) {
            int column = i % categories.length;
            if (values[i] >= vocabularies.get(column)) {
                throw tensors.wrong("static_categorical_values", "holds " + values[i] + " in column " + column
                        + ": expected less than " + vocabularies.get(column));
            }
            categories[column][i / categories.length] = values[i];
        }
    }

    private Shape future(int batch, int channels) throws CheckpointException {
        Shape future = tensors.series("future_values", model.config().outputLength());
        if (future.dim(0) == batch && future.dim(2) == channels) return future;
        throw tensors.wrong("future_values", future + ": expected [" + batch + ", steps, " + channels + "]");
    }

    private void recordLoss(Shape future, int[] channels) throws CheckpointException {
        Tensor target = graph.input(outputs.forecast().shape());
        fill(target, "future_values", future, 0, channels);
        Tensor mask = null;
        if (tensors.has("future_observed_mask")) {
            mask = graph.input(target.shape());
            fill(mask, "future_observed_mask", future, 0, channels);
        }
        loss = model.loss(outputs.forecast(), target, mask);
    }

    private void verifyForward() throws IOException {
        graph.forward();
        Tensor forecast = outputs.forecast();
        Shape shape = forecast.shape();
        int steps = shape.dim(2);
        float[] expected = tensors.transposed("prediction_outputs", Shape.of(shape.dim(0), steps, shape.dim(1)), 0,
                steps, IntStream.range(0, shape.dim(1)).toArray());
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double scale = outputs.scale() == null ? 1 : outputs.scale().value()[i / steps];
            double tolerance = 1e-4 * scale + 1e-6 * Math.abs(expected[i]);
            worst = max(worst, ratio(Math.abs(forecast.value()[i] - expected[i]), tolerance));
        }
        deviations.add(new Deviation("prediction_outputs", worst));
        hidden("backbone_hidden_state", outputs.backboneHidden());
        hidden("decoder_hidden_state", outputs.decoderHidden());
        if (outputs.scale() != null) {
            Shape statistics = Shape.of(shape.dim(0), 1, shape.dim(1));
            elementwise("loc", outputs.loc(), statistics, 1e-6);
            elementwise("scale", outputs.scale(), statistics, 1e-6);
        }
        if (loss != null) elementwise("loss", loss, Shape.of(1), 1e-5);
    }

    private void hidden(String name, Tensor actual) throws IOException {
        float[] expected = tensors.floats(name, actual.shape());
        deviations.add(new Deviation(name, max(0, ratio(distance(actual.value(), expected), 1e-3 * norm(expected)))));
    }

    /** Relative to each element; an element recorded as 0 must be 0. */
    private void elementwise(String name, Tensor actual, Shape recorded, double tolerance) throws IOException {
        if (!tensors.has(name)) return;
        float[] expected = tensors.floats(name, recorded);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = max(worst, ratio(Math.abs(actual.value()[i] - expected[i]), tolerance * Math.abs(expected[i])));
        }
        deviations.add(new Deviation(name, worst));
    }

    private void verifyGradients() throws IOException {
        RecordedTensors recorded = new RecordedTensors(folder.resolve(GRADIENTS));
        requireLoss(GRADIENTS);
        graph.backward(loss, 1);
        Map<String, float[]> expected = new LinkedHashMap<>();
        Map<String, Parameter> trained = new LinkedHashMap<>(model.parameters());
        trained.values().removeIf(parameter -> !parameter.trainable());
        Set<String> unexpected = new TreeSet<>();
        recorded.names().forEach(unexpected::add);
        unexpected.removeAll(trained.keySet());
        if (!unexpected.isEmpty()) {
            throw recorded.wrong(unexpected.iterator().next(), "is no gradient of a weight that this model trains");
        }
        double all = 0;
        for (Map.Entry<String, Parameter> entry : trained.entrySet()) {
            float[] gradient = recorded.floats(entry.getKey(), entry.getValue().shape());
            expected.put(entry.getKey(), gradient);
            all += Math.pow(norm(gradient), 2);
        }
        double worst = 0;
        for (Map.Entry<String, float[]> entry : expected.entrySet()) {
            float[] gradient = entry.getValue();
            double tolerance = 1e-3 * norm(gradient) + 1e-8 * Math.sqrt(all);
            float[] actual = graph.leaf(trained.get(entry.getKey())).grad();
            worst = max(worst, ratio(distance(actual, gradient), tolerance));
        }
        deviations.add(new Deviation("gradients", worst));
        graph.collectGradients();
    }

    private void verifyTraining() throws IOException {
        double[] losses = losses();
        requireLoss(TRAINING);
        AdamW optimizer = new AdamW(model.parameters(), 0.01f);
        double worst = 0;
        for (double target : losses) {
            graph.forward();
            worst = max(worst, ratio(Math.abs(loss.value()[0] - target), 4e-5 * Math.abs(target)));
            optimizer.zeroGradients();
            graph.backward(loss, 1);
            graph.collectGradients();
            optimizer.step(1e-3);
        }
        deviations.add(new Deviation("training", worst));
    }

    private double[] losses() throws CheckpointException {
        Path file = folder.resolve(TRAINING);
        Object recorded = Json.readObject(file, MAX_TRAINING_BYTES).get(LOSSES);
        if (!(recorded instanceof List) || ((List<?>) recorded).size() > MAX_LOSSES) {
            throw new CheckpointException(file.toString(),
                    "key " + LOSSES + ": expected a list of at most " + MAX_LOSSES + " numbers");
        }
        List<?> list = (List<?>) recorded;
        double[] losses = new double[list.size()];
        for (int i = 0; i < losses.length; i++) {
            if (!(list.get(i) instanceof Number)) {
                throw new CheckpointException(file.toString(), "key " + LOSSES + ": element " + i + " is no number");
            }
            losses[i] = ((Number) list.get(i)).doubleValue();
        }
        return losses;
    }

    private void requireLoss(String file) throws CheckpointException {
        if (loss != null) return;
        throw new CheckpointException(folder.resolve(file).toString(),
                "the loss in config.json is null: there are no gradients and no training");
    }

    /** As Math.max, but NaN is the worst there is. */
    private static double max(double worst, double next) {
        return Double.isNaN(next) ? Double.POSITIVE_INFINITY : Math.max(worst, next);
    }

    /** A difference as a multiple of its tolerance; none is within any, 0 included. */
    private static double ratio(double difference, double tolerance) {
        return difference == 0 ? 0 : difference / tolerance;
    }

    private static double norm(float[] x) {
        double sum = 0;
        for (float value : x) sum += (double) value * value;
        return Math.sqrt(sum);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < b.length; i++) sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        return Math.sqrt(sum);
    }

    private void fill(Tensor input, String name, Shape recorded, int firstStep, int[] channels)
            throws CheckpointException {
        float[] values = tensors.transposed(name, recorded, firstStep, input.shape().dim(2), channels);
        System.arraycopy(values, 0, input.value(), 0, values.length);
    }
}
