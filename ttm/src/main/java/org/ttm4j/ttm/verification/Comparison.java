package org.ttm4j.ttm.verification;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.io.CheckpointException;

/**
 * Compares tensors with recorded ones and collects the largest deviation of each, as a multiple of its tolerance. The
 * names of tensors that were not recorded are passed to a listener.
 */
record Comparison(RecordedTensors recorded, List<Recording.Deviation> deviations, Consumer<String> absent) {
    private boolean lacks(String name) {
        if (recorded.has(name)) return false;
        absent.accept(name);
        return true;
    }

    /**
     * Compares forecasts or inputs [B, Ct, …, n] in original units, recorded as [B, …, n, Ct]. The tolerance is 1e-4 of
     * the scale of the channel plus 1e-6 of the value.
     *
     * @param scale [B, Ct], or null for 1
     */
    void outputs(String name, Tensor actual, Tensor scale) throws CheckpointException {
        if (lacks(name)) return;
        float[] expected = recorded.channelsFirst(name, channelsLast(actual.shape()));
        int steps = actual.shape().product(2, actual.shape().rank());
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double unit = scale == null ? 1 : scale.value()[i / steps];
            double tolerance = 1e-4 * unit + 1e-6 * Math.abs(expected[i]);
            worst = max(worst, ratio(Math.abs(actual.value()[i] - expected[i]), tolerance));
        }
        add(name, worst);
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

    /** Requires that all elements are equal. */
    void exact(String name, Tensor actual) throws CheckpointException {
        if (lacks(name)) return;
        float[] expected = recorded.floats(name, actual.shape());
        double differences = 0;
        for (int i = 0; i < expected.length; i++) if (actual.value()[i] != expected[i]) differences++;
        add(name, differences == 0 ? 0 : Double.POSITIVE_INFINITY);
    }

    /** Compares relative to the size of each element, to which {@code room} (null for 0) is added. */
    void elements(String name, Tensor actual, Shape shape, double tolerance, Tensor room) throws CheckpointException {
        if (lacks(name)) return;
        float[] expected = recorded.floats(name, shape);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double size = Math.abs(expected[i]) + (room == null ? 0 : room.value()[i]);
            worst = max(worst, ratio(Math.abs(actual.value()[i] - expected[i]), tolerance * size));
        }
        add(name, worst);
    }

    void add(String name, double worst) {
        deviations.add(new Recording.Deviation(name, max(0, worst)));
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
