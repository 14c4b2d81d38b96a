package org.ttm4j.forecast.interval;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;

/**
 * Intervals as a safetensors file: metadata {@code format}, {@code model} (the SHA-256 of the model's weights),
 * {@code levels} and the options; tensors {@code scores} (channels × steps × most scores, oldest first, NaN behind the
 * last), {@code corrections} (levels × channels × steps), {@code scale_means} and {@code scale_counts} (channels). A file is
 * read only when it holds exactly these, in shapes that fit, with possible values.
 */
record IntervalsFile(Safetensors file) {
    private static final String FORMAT = "ttm4j intervals 2";
    private static final String REMEDY = "; delete the file to forecast without quantiles, or calibrate again";
    private static final int MOST_LEVELS = 1000;
    /** Bytes of memory for the scores of a channel and step, in addition to 12 for each score. */
    private static final int PER_STEP = 64;
    private static final int PER_SCORE = 12;

    static void write(Path folder, ConformalIntervals intervals) throws IOException {
        Map<String, SafeTensor> tensors = new TreeMap<>();
        synchronized (intervals) {
            int channels = intervals.channels();
            int horizon = intervals.horizon();
            tensors.put("scores", scores(intervals.scores, channels, horizon));
            FloatBuffer corrections = FloatBuffer.allocate(intervals.levels().length * channels * horizon);
            for (float[][] level : intervals.corrections) for (float[] channel : level) corrections.put(channel);
            tensors.put("corrections",
                    SafeTensor.of(corrections.array(), intervals.levels().length, channels, horizon));
            tensors.put("scale_means", SafeTensor.of(intervals.meanScales.means().clone(), channels));
            tensors.put("scale_counts", SafeTensor.ofIntegers(DType.I64, Shape.of(channels),
                    Arrays.stream(intervals.meanScales.counts()).asLongStream().toArray()));
        }
        ConformalOptions options = intervals.options();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        metadata.put("model", Checkpoint.sha256(folder));
        metadata.put("levels",
                Arrays.stream(intervals.levels()).mapToObj(Double::toString).collect(Collectors.joining(",")));
        metadata.put("windows", Integer.toString(options.windows()));
        metadata.put("half_life", Double.toString(options.halfLife()));
        metadata.put("lower_bound", Float.toString(options.lowerBound()));
        metadata.put("rate", Double.toString(options.rate()));
        Checkpoint.add(folder, ConformalIntervals.FILE, out -> Safetensors.write(out, tensors, metadata));
    }

    private static SafeTensor scores(ScoreWindow[][] scores, int channels, int horizon) {
        int most = 1;
        for (ScoreWindow[] steps : scores) for (ScoreWindow step : steps) most = Math.max(most, step.count());
        float[] values = new float[Math.multiplyExact(channels * horizon, most)];
        Arrays.fill(values, Float.NaN);
        for (int i = 0; i < channels * horizon; i++) {
            float[] known = scores[i / horizon][i % horizon].inOrder();
            System.arraycopy(known, 0, values, i * most, known.length);
        }
        return SafeTensor.of(values, channels, horizon, most);
    }

    static Optional<ConformalIntervals> read(Path folder) throws CheckpointException {
        Path file = Checkpoint.file(folder, ConformalIntervals.FILE);
        if (Files.notExists(file)) return Optional.empty();
        IntervalsFile read = new IntervalsFile(Safetensors.read(file));
        ConformalIntervals intervals = read.intervals();
        String sha256 = Checkpoint.sha256(folder);
        if (sha256.equals(read.file.metadata().get("model"))) return Optional.of(intervals);
        throw read.file.wrong("metadata model is " + read.file.metadata().get("model") + "; expected " + sha256
                + ", the SHA-256 of the model.safetensors beside it: these are intervals of another model" + REMEDY);
    }

    private ConformalIntervals intervals() throws CheckpointException {
        if (!FORMAT.equals(file.metadata().get("format"))) {
            throw file.wrong("metadata format is " + file.metadata().get("format") + "; expected " + FORMAT + REMEDY);
        }
        if (!file.tensors().keySet().equals(Set.of("scores", "corrections", "scale_means", "scale_counts"))) {
            throw file.wrong("the tensors are " + file.tensors().keySet()
                    + "; expected scores, corrections, scale_means, scale_counts");
        }
        SafeTensor scores = tensor("scores", true);
        int[] shape = scores.shape().toArray();
        if (shape.length != 3 || Arrays.stream(shape).anyMatch(size -> size < 1)) {
            throw file.wrong("tensor scores has the shape " + scores.shape()
                    + "; expected channels, steps, scores, at least 1 each");
        }
        double bytes = (double) shape[0] * shape[1] * (PER_STEP + (double) PER_SCORE * shape[2]);
        if (bytes > Runtime.getRuntime().maxMemory() / 4.0) {
            throw file.wrong("the scores take " + (long) bytes + " bytes, more than a quarter of the heap");
        }
        double[] levels = levels();
        float[] corrections = shaped("corrections", true, levels.length, shape[0], shape[1]).floats();
        float[] means = shaped("scale_means", true, shape[0]).floats();
        long[] counts = shaped("scale_counts", false, shape[0]).integers();
        ConformalIntervals intervals;
        try {
            ConformalOptions options = new ConformalOptions((int) number("windows"), number("half_life"),
                    (float) number("lower_bound"), number("rate"));
            intervals = new ConformalIntervals(levels, shape[0], shape[1], options);
        } catch (IllegalArgumentException impossible) {
            throw new CheckpointException(file.source(), "metadata: " + impossible.getMessage(), impossible);
        }
        fillScores(intervals, scores.floats(), shape[2], means);
        fillCorrections(intervals, corrections);
        for (int c = 0; c < shape[0]; c++) {
            long count = counts[c];
            if (!(means[c] >= 0) || Float.isInfinite(means[c]) || count < 0 || count > intervals.options().windows()) {
                throw file.wrong("scale " + c + " has the mean " + means[c] + " of " + count
                        + "; expected a finite mean of at least 0, of 0 to " + intervals.options().windows());
            }
            intervals.meanScales.means()[c] = means[c];
            intervals.meanScales.counts()[c] = (int) count;
        }
        return intervals;
    }

    private void fillScores(ConformalIntervals intervals, float[] values, int most, float[] means)
            throws CheckpointException {
        int at = 0;
        for (int c = 0; c < means.length; c++) {
            for (ScoreWindow step : intervals.scores[c]) {
                for (int i = 0; i < most; i++, at++) {
                    if (Float.isNaN(values[at])) continue;
                    if (Float.isInfinite(values[at]) || step.count() < i || i >= intervals.options().windows()) {
                        throw file.wrong("tensor scores is " + values[at] + " at index " + at
                                + "; expected finite scores, at most " + intervals.options().windows()
                                + " a step, and NaN behind the last");
                    }
                    if (Float.isInfinite(values[at] * means[c])) {
                        throw file.wrong("tensor scores is " + values[at] + " at index " + at
                                + ", of a channel of mean scale " + means[c] + "; expected a product that is finite");
                    }
                    step.add(values[at]);
                }
            }
        }
    }

    private void fillCorrections(ConformalIntervals intervals, float[] values) throws CheckpointException {
        double[] levels = intervals.levels();
        int horizon = intervals.horizon();
        for (int i = 0; i < values.length; i++) {
            int q = i / horizon / intervals.channels();
            if (!(levels[q] + values[i] > 0 && levels[q] + values[i] < 1)) {
                throw file.wrong("tensor corrections is " + values[i] + " at index " + i + "; with the level "
                        + levels[q] + " expected a sum between 0 and 1");
            }
            intervals.corrections[q][i / horizon % intervals.channels()][i % horizon] = values[i];
        }
    }

    private double[] levels() throws CheckpointException {
        String[] parts = file.metadata().getOrDefault("levels", "").split(",", MOST_LEVELS + 1);
        if (parts.length > MOST_LEVELS) throw file.wrong("metadata levels: expected at most " + MOST_LEVELS);
        double[] levels = new double[parts.length];
        for (int i = 0; i < levels.length; i++) levels[i] = number("levels", parts[i]);
        return levels;
    }

    private double number(String key) throws CheckpointException {
        return number(key, file.metadata().getOrDefault(key, ""));
    }

    private double number(String key, String text) throws CheckpointException {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw file.wrong("metadata " + key + " is " + text + "; expected a number");
        }
    }

    private SafeTensor shaped(String name, boolean floats, int... shape) throws CheckpointException {
        SafeTensor tensor = tensor(name, floats);
        if (Arrays.equals(tensor.shape().toArray(), shape)) return tensor;
        throw file
                .wrong("tensor " + name + " has the shape " + tensor.shape() + "; expected " + Arrays.toString(shape));
    }

    private SafeTensor tensor(String name, boolean floats) throws CheckpointException {
        SafeTensor tensor = file.tensors().get(name);
        if (tensor.dtype().isFloat() == floats) return tensor;
        throw file.wrong(
                "tensor " + name + " is of type " + tensor.dtype() + "; expected " + (floats ? "floats" : "integers"));
    }
}
