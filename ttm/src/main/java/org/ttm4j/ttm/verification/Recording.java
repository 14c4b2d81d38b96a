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
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.optim.AdamW;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Stage;

/**
 * Numbers recorded from the reference library, to compare this library with: a checkpoint folder with
 * {@code tensors.safetensors} (inputs and results, in the layout [B, time, C] of the reference library) and optionally
 * {@code gradients.safetensors} and {@code training.json}. {@link #verify} runs all recorded parts, without dropout.
 * The files are untrusted: tensors with other shapes than the model's are errors, and the size of files is limited.
 */
public final class Recording {
    /** The largest deviation of one recorded quantity, as a multiple of its tolerance; acceptable up to 1. */
    public record Deviation(String what, double ofTolerance) {
        public boolean within() {
            return ofTolerance <= 1;
        }
    }

    private static final String GRADIENTS = "gradients.safetensors";
    private static final String TRAINING = "training.json";
    /** Gradients that are zero in theory; their recorded values are rounding errors. */
    private static final List<String> ZERO_GRADIENTS = List.of("k_proj.bias", "multi_quantile_head_block.dw.bias");

    private final Path folder;
    private final TtmModel model;
    private final RecordedTensors tensors;
    private final List<Deviation> deviations = new ArrayList<>();

    private Recording(Path folder) throws IOException {
        this.folder = folder;
        model = TtmModel.of(Checkpoint.read(folder));
        tensors = new RecordedTensors(folder.resolve("tensors.safetensors"));
    }

    /**
     * Runs a recorded case.
     *
     * @param absent receives the names of the model's tensors that were not recorded
     * @throws CheckpointException when a file of the case cannot be read, lacks an input, the forecast or a gradient,
     *     or has a tensor that cannot be compared with this model's
     */
    public static List<Deviation> verify(Path folder, Consumer<String> absent) throws IOException {
        Recording recording = new Recording(folder);
        boolean needsLoss = recording.has(GRADIENTS) || recording.has(TRAINING);
        RecordedRun run = recording.run(recording.model, needsLoss);
        run.compare(new Comparison(recording.tensors, recording.deviations, absent));
        if (recording.has(GRADIENTS)) recording.verifyGradients(run);
        if (recording.has(TRAINING)) recording.verifyTraining(run);
        return recording.deviations;
    }

    private RecordedRun run(TtmModel tested, boolean needsLoss) throws CheckpointException {
        return new RecordedRun(tested, tensors, needsLoss, new Graph(Graph.Mode.GRADIENT));
    }

    private boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    private void verifyGradients(RecordedRun run) throws IOException {
        RecordedTensors recorded = new RecordedTensors(folder.resolve(GRADIENTS));
        requireLoss(run, GRADIENTS);
        run.graph.backward(run.loss, 1);
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
            all += Math.pow(Comparison.norm(gradient), 2);
        }
        double worst = 0;
        for (Map.Entry<String, float[]> entry : expected.entrySet()) {
            float[] gradient = entry.getValue();
            boolean zero = model.config().isThirdGeneration()
                    && ZERO_GRADIENTS.stream().anyMatch(name -> entry.getKey().endsWith(name));
            double tolerance = 1e-3 * Comparison.norm(gradient) + (zero ? 1e-7 : 1e-8) * Math.sqrt(all);
            float[] actual = run.graph.leaf(trained.get(entry.getKey())).grad();
            worst = Comparison.max(worst, Comparison.ratio(Comparison.distance(actual, gradient), tolerance));
        }
        deviations.add(new Deviation("gradients", worst));
        run.graph.collectGradients();
    }

    private void verifyTraining(RecordedRun run) throws IOException {
        RecordedTraining training = RecordedTraining.read(folder.resolve(TRAINING));
        requireLoss(run, TRAINING);
        double[] losses = training.losses();
        double worst = 0;
        if (training.stages().isEmpty()) worst = train(model, run, losses, 0, losses.length);
        int step = 0;
        for (RecordedTraining.Part part : training.stages()) {
            TtmModel staged = part.stage().prepare(model);
            double next = train(staged, run(staged, true), losses, step, part.steps());
            worst = Comparison.max(worst, next);
            step += part.steps();
        }
        model.freeze("", false);
        deviations.add(new Deviation("training", worst));
    }

    /** Takes steps with a new optimiser; returns the largest deviation of the losses before the steps. */
    private double train(TtmModel trained, RecordedRun run, double[] losses, int first, int steps) {
        AdamW optimizer = new AdamW(trained.parameters(), 0.01f);
        double tolerance = model.config().isThirdGeneration() ? 1e-5 : 4e-5;
        double worst = 0;
        for (int i = first; i < first + steps; i++) {
            run.graph.forward();
            double difference = Math.abs(run.loss.value()[0] - losses[i]);
            worst = Comparison.max(worst, Comparison.ratio(difference, tolerance * Math.abs(losses[i])));
            optimizer.zeroGradients();
            run.graph.backward(run.loss, 1);
            run.graph.collectGradients();
            optimizer.step(1e-3);
        }
        return worst;
    }

    private void requireLoss(RecordedRun run, String file) throws CheckpointException {
        if (run.loss != null) return;
        throw new CheckpointException(folder.resolve(file).toString(),
                "the loss in config.json is null: there are no gradients and no training");
    }

    /**
     * The losses of a recorded training, and its stages; without stages, all parameters are trained together.
     *
     * @param losses the loss before each step, of all stages in their order
     * @param stages the stages in their order; may be empty
     */
    private record RecordedTraining(double[] losses, List<Part> stages) {
        private static final String LOSSES = "loss_before_each_step";
        private static final String STAGES = "stages";
        private static final String WEIGHTS = "weights_trend_residual_joint";
        private static final int MAX_BYTES = 1 << 20;
        private static final int MAX_LOSSES = 1000;

        /** A number of steps in a stage. */
        record Part(Stage stage, int steps) {}

        static RecordedTraining read(Path file) throws CheckpointException {
            Map<String, ?> json = Json.readObject(file, MAX_BYTES);
            double[] losses = numbers(file, json.get(LOSSES), LOSSES, MAX_LOSSES);
            List<Part> parts = new ArrayList<>();
            if (json.get(STAGES) == null) return new RecordedTraining(losses, parts);
            if (!(json.get(STAGES) instanceof List<?> stages)) throw wrong(file, STAGES, "a list");
            for (Object stage : stages) {
                if (!(stage instanceof Map<?, ?> map)) throw wrong(file, STAGES, "a list of objects");
                parts.add(part(file, map));
            }
            if (parts.stream().mapToInt(Part::steps).sum() != losses.length) {
                throw wrong(file, STAGES, "steps that sum to the number of losses, " + losses.length);
            }
            return new RecordedTraining(losses, parts);
        }

        private static Part part(Path file, Map<?, ?> json) throws CheckpointException {
            double[] weights = numbers(file, json.get(WEIGHTS), WEIGHTS, 3);
            if (!(json.get("steps") instanceof Long steps) || steps < 0 || steps > MAX_LOSSES) {
                throw wrong(file, "steps", "a number from 0 to " + MAX_LOSSES);
            }
            if (!(json.get("stage") instanceof String name) || !(json.get("trained") instanceof List<?> prefixes)
                    || weights.length != 3) {
                throw wrong(file, STAGES, "stages with a name, three weights and prefixes");
            }
            List<String> trained = new ArrayList<>();
            for (Object prefix : prefixes) {
                if (!(prefix instanceof String text)) throw wrong(file, "trained", "a list of strings");
                trained.add(text);
            }
            return new Part(new Stage(name, weights[0], weights[1], weights[2], trained), steps.intValue());
        }

        private static double[] numbers(Path file, Object value, String key, int most) throws CheckpointException {
            if (!(value instanceof List<?> list) || list.size() > most) {
                throw wrong(file, key, "a list of at most " + most + " numbers");
            }
            double[] numbers = new double[list.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!(list.get(i) instanceof Number number)) {
                    throw new CheckpointException(file.toString(), "key " + key + ": element " + i + " is no number");
                }
                numbers[i] = number.doubleValue();
            }
            return numbers;
        }

        private static CheckpointException wrong(Path file, String key, String expected) {
            return new CheckpointException(file.toString(), "key " + key + ": expected " + expected);
        }
    }

    /**
     * Compares tensors with recorded ones and collects the largest deviation of each, as a multiple of its tolerance.
     * The names of tensors that were not recorded are passed to a listener.
     */
    record Comparison(RecordedTensors recorded, List<Deviation> deviations, Consumer<String> absent) {
        private boolean lacks(String name) {
            if (recorded.has(name)) return false;
            absent.accept(name);
            return true;
        }

        /**
         * Compares forecasts or inputs [B, Ct, …, n] in original units, recorded as [B, …, n, Ct]. The tolerance is 1e-4
         * of the scale of the channel plus 1e-6 of the value.
         *
         * @param scale [B, Ct], or null for 1
         */
        void outputs(String name, Tensor actual, Tensor scale) throws CheckpointException {
            if (lacks(name)) return;
            float[] expected = recorded.channelsFirst(name, channelsLast(actual.shape()));
            int steps = actual.shape().product(2, actual.shape().rank());
            elements(name, actual, expected, 1e-6, i -> 1e-4 * (scale == null ? 1 : scale.value()[i / steps]));
        }

        /** The shape [B, Ct, …] in the order of the reference library: [B, …, Ct]. */
        private static Shape channelsLast(Shape shape) {
            int rank = shape.rank();
            return Shape.of(IntStream.range(0, rank)
                    .map(axis -> axis == 0 ? shape.dim(0) : axis == rank - 1 ? shape.dim(1) : shape.dim(axis + 1))
                    .toArray());
        }

        /** Compares a tensor recorded in the same shape. The tolerance is 1e-3 of its norm. */
        void norm(String name, Tensor actual) throws CheckpointException {
            if (lacks(name)) return;
            norm(name, actual, recorded.floats(name, actual.shape()));
        }

        /** As {@link #norm(String, Tensor)}, for a tensor [B, Ct, n] that is recorded as [B, n, Ct]. */
        void normOfSeries(String name, Tensor actual) throws CheckpointException {
            if (lacks(name)) return;
            norm(name, actual, recorded.channelsFirst(name, channelsLast(actual.shape())));
        }

        private void norm(String name, Tensor actual, float[] expected) {
            add(name, ratio(distance(actual.value(), expected), 1e-3 * norm(expected)));
        }

        /** Compares relative to the size of each element, to which {@code room} (null for 0) is added. */
        void elements(String name, Tensor actual, Shape shape, double tolerance, Tensor room)
                throws CheckpointException {
            if (lacks(name)) return;
            elements(name, actual, recorded.floats(name, shape), tolerance,
                    i -> room == null ? 0 : tolerance * room.value()[i]);
        }

        /** The tolerance of an element is {@code relative} of its size plus {@code absolute} of its index. */
        private void elements(String name, Tensor actual, float[] expected, double relative,
                IntToDoubleFunction absolute) {
            double worst = 0;
            for (int i = 0; i < expected.length; i++) {
                double tolerance = relative * Math.abs(expected[i]) + absolute.applyAsDouble(i);
                worst = max(worst, ratio(Math.abs(actual.value()[i] - expected[i]), tolerance));
            }
            add(name, worst);
        }

        private void add(String name, double worst) {
            deviations.add(new Deviation(name, max(0, worst)));
        }

        /** As Math.max, but NaN counts as infinity. */
        static double max(double worst, double next) {
            return Double.isNaN(next) ? Double.POSITIVE_INFINITY : Math.max(worst, next);
        }

        /** A difference as a multiple of its tolerance; 0 if there is no difference, even with tolerance 0. */
        static double ratio(double difference, double tolerance) {
            return difference == 0 ? 0 : difference / tolerance;
        }

        static double norm(float[] x) {
            double sum = 0;
            for (float value : x) sum += (double) value * value;
            return Math.sqrt(sum);
        }

        static double distance(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < b.length; i++) sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            return Math.sqrt(sum);
        }
    }
}
