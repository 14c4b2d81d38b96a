package org.ttm4j.ttm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.optim.AdamW;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;

/**
 * Numbers recorded from the reference model, to hold this one against: a checkpoint folder with
 * {@code tensors.safetensors} (inputs and results, in the reference's [B, time, C] layout) and, where recorded,
 * {@code gradients.safetensors} and {@code training.json}. {@link #verify} runs all that is there, dropout off.
 */
public final class Recording {
    /** The largest deviation of one recorded quantity, as a multiple of what is tolerated: within bounds up to 1. */
    public record Deviation(String what, double ofTolerance) {
        public boolean within() {
            return ofTolerance <= 1;
        }
    }

    private static final String TENSORS = "tensors.safetensors";

    private final Path folder;
    private final TtmModel model;
    private final Map<String, SafeTensor> tensors;
    private final List<Deviation> deviations = new ArrayList<>();
    private final Graph graph = new Graph(Graph.Mode.GRADIENT);
    private TtmModel.Outputs outputs;
    private Tensor loss;

    private Recording(Path folder) throws IOException {
        this.folder = folder;
        model = TtmModel.of(Checkpoint.read(folder));
        tensors = Safetensors.read(folder.resolve(TENSORS)).tensors();
    }

    /**
     * Runs a recorded case.
     *
     * @throws CheckpointException when a file of the case cannot be read or lacks a tensor
     */
    public static List<Deviation> verify(Path folder) throws IOException {
        Recording recording = new Recording(folder);
        recording.record();
        recording.verifyForward();
        if (Files.exists(folder.resolve("gradients.safetensors"))) recording.verifyGradients();
        if (Files.exists(folder.resolve("training.json"))) recording.verifyTraining();
        return recording.deviations;
    }

    private void record() throws IOException {
        TtmConfig config = model.config();
        SafeTensor past = tensor("past_values");
        int batch = past.shape().dim(0);
        int channels = past.shape().dim(2);
        boolean masked = tensors.containsKey("past_observed_mask");
        TtmModel.Inputs inputs = model.inputs(graph, batch, channels, masked);
        // Of a longer history the end counts.
        int surplus = past.shape().dim(1) - config.contextLength();
        int[] all = IntStream.range(0, channels).toArray();
        fill(inputs.past(), "past_values", surplus, all);
        if (masked) fill(inputs.mask(), "past_observed_mask", surplus, all);
        if (inputs.knownFuture() != null) fill(inputs.knownFuture(), "future_values", 0, config.exogenousChannels());
        for (int b = 0; inputs.resolutionTokens() != null && b < batch; b++) {
            inputs.resolutionTokens()[b] = (int) tensor("freq_token").integers()[b];
        }
        for (int i = 0; inputs.categories() != null && i < inputs.categories().length; i++) {
            for (int b = 0; b < batch; b++) {
                inputs.categories()[i][b] = (int) tensor("static_categorical_values")
                        .integers()[b * inputs.categories().length + i];
            }
        }
        outputs = model.forward(inputs);
        outputs.forecast().keep();
        if (config.loss() == TtmConfig.Loss.NONE) return;
        int[] forecast = config.predictionChannels(channels);
        Tensor target = graph.input(outputs.forecast().shape());
        fill(target, "future_values", 0, forecast);
        Tensor mask = null;
        if (tensors.containsKey("future_observed_mask")) {
            mask = graph.input(target.shape());
            fill(mask, "future_observed_mask", 0, forecast);
        }
        loss = model.loss(outputs.forecast(), target, mask);
    }

    private void verifyForward() throws IOException {
        graph.forward();
        int[] all = IntStream.range(0, outputs.forecast().shape().dim(1)).toArray();
        Tensor forecast = outputs.forecast();
        float[] expected = transposed("prediction_outputs", 0, forecast.shape().dim(2), all);
        int steps = forecast.shape().dim(2);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double scale = outputs.scale() == null ? 1 : outputs.scale().value()[i / steps];
            double tolerance = 1e-4 * scale + 1e-6 * Math.abs(expected[i]);
            worst = max(worst, Math.abs(forecast.value()[i] - expected[i]) / tolerance);
        }
        deviations.add(new Deviation("prediction_outputs", worst));
        hidden("backbone_hidden_state", outputs.backboneHidden());
        hidden("decoder_hidden_state", outputs.decoderHidden());
        if (outputs.scale() != null) {
            elementwise("loc", outputs.loc(), 1e-6);
            elementwise("scale", outputs.scale(), 1e-6);
        }
        if (loss != null) elementwise("loss", loss, 1e-5);
    }

    private void hidden(String name, Tensor actual) throws IOException {
        float[] expected = floats(name);
        deviations.add(new Deviation(name, distance(actual.value(), expected) / norm(expected) / 1e-3));
    }

    /** Relative to each element; an element recorded as 0 must be 0. */
    private void elementwise(String name, Tensor actual, double tolerance) throws IOException {
        if (!tensors.containsKey(name)) return;
        float[] expected = floats(name);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual.value()[i] - expected[i]);
            worst = max(worst, difference == 0 ? 0 : difference / (tolerance * Math.abs(expected[i])));
        }
        deviations.add(new Deviation(name, worst));
    }

    private void verifyGradients() throws IOException {
        Path file = folder.resolve("gradients.safetensors");
        Map<String, SafeTensor> expected = Safetensors.read(file).tensors();
        graph.backward(loss, 1);
        double all = 0;
        for (SafeTensor gradient : expected.values()) all += Math.pow(norm(gradient.floats().values()), 2);
        double worst = 0;
        for (Map.Entry<String, Parameter> entry : model.parameters().entrySet()) {
            if (!entry.getValue().trainable()) continue;
            SafeTensor recorded = expected.get(entry.getKey());
            if (recorded == null) throw new CheckpointException(file.toString(), "no gradient of " + entry.getKey());
            float[] gradient = recorded.floats().values();
            double tolerance = 1e-3 * norm(gradient) + 1e-8 * Math.sqrt(all);
            worst = max(worst, distance(graph.leaf(entry.getValue()).grad(), gradient) / tolerance);
        }
        deviations.add(new Deviation("gradients", worst));
        graph.collectGradients();
    }

    private void verifyTraining() throws IOException {
        Path file = folder.resolve("training.json");
        Object recorded = Json.parseObject(Files.readAllBytes(file), file.toString()).get("loss_before_each_step");
        if (!(recorded instanceof List)) throw new CheckpointException(file.toString(), "no loss_before_each_step");
        AdamW optimizer = new AdamW(model.parameters(), 0.01f);
        double worst = 0;
        for (Object expected : (List<?>) recorded) {
            graph.forward();
            double target = ((Number) expected).doubleValue();
            worst = max(worst, Math.abs(loss.value()[0] - target) / (4e-5 * Math.abs(target)));
            optimizer.zeroGradients();
            graph.backward(loss, 1);
            graph.collectGradients();
            optimizer.step(1e-3);
        }
        deviations.add(new Deviation("training", worst));
    }

    /** As Math.max, but NaN is the worst there is. */
    private static double max(double worst, double next) {
        return Double.isNaN(next) ? Double.POSITIVE_INFINITY : Math.max(worst, next);
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

    private SafeTensor tensor(String name) throws CheckpointException {
        SafeTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(folder.resolve(TENSORS).toString(), "no tensor " + name);
        }
        return tensor;
    }

    private float[] floats(String name) throws CheckpointException {
        SafeTensor tensor = tensor(name);
        if (tensor.dtype().isFloat()) return tensor.floats().values();
        float[] values = new float[tensor.integers().length];
        for (int i = 0; i < values.length; i++) values[i] = tensor.integers()[i];
        return values;
    }

    private void fill(Tensor input, String name, int firstStep, int[] channels) throws CheckpointException {
        float[] values = transposed(name, firstStep, input.shape().dim(2), channels);
        System.arraycopy(values, 0, input.value(), 0, values.length);
    }

    /** Steps and channels of a recorded [B, time, C] tensor as [B, channels, steps]. */
    private float[] transposed(String name, int firstStep, int steps, int[] channels) throws CheckpointException {
        Shape shape = tensor(name).shape();
        int last = channels.length == 0 ? -1 : channels[channels.length - 1];
        if (shape.rank() != 3 || firstStep < 0 || firstStep + steps > shape.dim(1) || last >= shape.dim(2)) {
            throw new CheckpointException(folder.resolve(TENSORS).toString(),
                    "tensor " + name + " " + shape + ": expected [batch, at least " + (firstStep + steps)
                            + " steps, at least " + (last + 1) + " channels]");
        }
        float[] from = floats(name);
        float[] to = new float[shape.dim(0) * channels.length * steps];
        int at = 0;
        for (int b = 0; b < shape.dim(0); b++) {
            for (int channel : channels) {
                for (int t = 0; t < steps; t++) {
                    to[at++] = from[(b * shape.dim(1) + firstStep + t) * shape.dim(2) + channel];
                }
            }
        }
        return to;
    }
}
