package org.ttm4j.forecast.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.ObjIntConsumer;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.series.Gaps;

/**
 * A target's values and gradients at several points at once: inputs of one sample, in the units that the model sees. Scaling
 * and unscaling are part of what is differentiated.
 */
final class TargetGradient {
    private final Graph graph;
    private final Tensor past;
    private final Tensor forecast;
    private final Tensor sum;
    private final int rows;
    private final int first;
    private final int steps;

    /**
     * At most so many rows at once.
     *
     * @param sample a single one; the points are inputs like its past
     * @param first where the steps that are summed begin in its forecast
     * @param steps the number of steps that are summed
     */
    TargetGradient(Predictor predictor, Predictor.Samples sample, int first, int steps, int rows) {
        this.first = first;
        this.steps = steps;
        this.rows = rows;
        graph = new Graph(Graph.Mode.VARIABLES, predictor.kernels());
        Predictor.Pass pass = predictor.pass(graph, rows);
        for (int i = 0; i < rows; i++) pass.read(sample, 0, i);
        past = pass.inputs().past();
        forecast = pass.outputs().forecast(); // [rows, Ct, Hf]
        Shape shape = forecast.shape();
        // Rows are independent, so the gradient of their sum contains the gradient of each.
        Parameter selection = new Parameter("selection", Parameter.Kind.BUFFER, Shape.of(1, shape.size()));
        for (int i = 0; i < rows; i++) {
            for (int t = 0; t < steps; t++) selection.value()[i * shape.size() / rows + first + t] = 1;
        }
        sum = LeftAffine.of(forecast.reshape(shape.size(), 1), selection, null); // [1, 1]
    }

    /** Fixes the discrete choices of the model, such as medians, to those for the sample itself. */
    void hold() {
        graph.forward();
        graph.hold(true);
    }

    /**
     * Runs forward and backward at all points, and returns the target at each.
     *
     * @param visitor takes the gradient by element, which is good until the next run, and the number of its point
     */
    double[] gradients(float[][] points, ObjIntConsumer<IntToDoubleFunction> visitor) {
        double[] values = new double[points.length];
        for (int from = 0; from < points.length; from += rows) {
            fill(points, from);
            graph.forward();
            graph.backward(sum, 1);
            for (int i = from; i < Math.min(points.length, from + rows); i++) {
                int at = (i - from) * size();
                values[i] = value(i - from);
                visitor.accept(element -> past.grad()[at + element], i);
            }
        }
        return values;
    }

    /** The target at a point. */
    double value(float[] point) {
        fill(new float[][]{point}, 0);
        graph.forward();
        return value(0);
    }

    /** Rows that are left over repeat the last point. */
    private void fill(float[][] points, int from) {
        for (int i = 0; i < rows; i++) {
            float[] point = points[Math.min(from + i, points.length - 1)];
            System.arraycopy(point, 0, past.value(), i * size(), size());
        }
    }

    private double value(int row) {
        double value = 0;
        for (int t = 0; t < steps; t++) value += forecast.value()[row * (forecast.shape().size() / rows) + first + t];
        return value;
    }

    private int size() {
        return past.shape().size() / rows;
    }

    /**
     * The integral of gradients on the lines from baselines to a point, in the units that the model sees. As the integral over a
     * part of a line is known, the difference between its ends, parts are halved until theirs is near enough.
     */
    static final class Integral {
        /**
         * Gauss-Legendre quadrature on [0, 1], exact for polynomials below degree 14; the middle is one of its points. Source:
         * Abramowitz and Stegun 1964, 25.4.30.
         */
        private static final double[] POINTS = {0.025446043828620757, 0.12923440720030277, 0.2970774243113014, 0.5,
                0.7029225756886985, 0.8707655927996972, 0.9745539561713792};
        private static final double[] WEIGHTS = {0.06474248308443484, 0.13985269574463835, 0.19091502525255952,
                0.2089795918367347, 0.19091502525255952, 0.13985269574463835, 0.06474248308443484};
        private static final int MOST_HALVINGS = 6;
        /** Two baselines each: with their mirror images, what differs at random cancels out of every step's share to first order. */
        private static final int ORDERS = 4;
        private static final long SEED = 15;

        private final TargetGradient target;
        private final float[] end;
        private final double tolerance;
        /** A share for each element of the point. */
        final double[] shares;
        /** The target at the point. */
        final double forecast;
        /** The mean of the target at the baselines. */
        final double baseline;

        /** {@code tolerance}: of each part of a line. */
        Integral(TargetGradient target, float[] end, List<float[]> baselines, double tolerance) {
            this.target = target;
            this.end = end;
            this.tolerance = tolerance;
            shares = new double[end.length];
            forecast = target.value(end);
            double sum = 0;
            for (float[] begin : baselines) {
                double value = target.value(begin);
                integrate(begin, new Part(0, value, 1, forecast), MOST_HALVINGS);
                sum += value;
            }
            for (int i = 0; i < shares.length; i++) shares[i] /= baselines.size();
            baseline = sum / baselines.size();
        }

        /** A part of a line, and the target at its ends. */
        private record Part(double from, double first, double to, double last) {}

        private void integrate(float[] begin, Part part, int halvings) {
            double[] added = new double[end.length];
            double width = part.to - part.from;
            float[][] line = new float[POINTS.length][];
            for (int i = 0; i < line.length; i++) line[i] = between(begin, part.from + width * POINTS[i]);
            double[] values = target.gradients(line, (gradient, i) -> {
                double weight = width * WEIGHTS[i];
                for (int t = 0; t < added.length; t++) {
                    added[t] += weight * ((double) end[t] - begin[t]) * gradient.applyAsDouble(t);
                }
            });
            double sum = 0;
            for (double share : added) sum += share;
            if (halvings == 0 || Math.abs(sum - (part.last - part.first)) <= tolerance) {
                for (int t = 0; t < added.length; t++) shares[t] += added[t];
                return;
            }
            double middle = part.from + width / 2;
            integrate(begin, new Part(part.from, part.first, middle, values[line.length / 2]), halvings - 1);
            integrate(begin, new Part(middle, values[line.length / 2], part.to, part.last), halvings - 1);
        }

        private float[] between(float[] begin, double share) {
            float[] point = new float[end.length];
            for (int i = 0; i < point.length; i++) point[i] = (float) (begin[i] + share * ((double) end[i] - begin[i]));
            return point;
        }

        /**
         * The values of the channels of a sample, each of so many steps, in random orders, and their mirror images about the mean;
         * what is missing stays so and is filled likewise.
         */
        static List<float[]> baselines(float[] past, float[] mask, int steps) {
            SplittableRandom random = new SplittableRandom(SEED);
            List<float[]> baselines = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                float[] shuffled = past.clone();
                float[] mirrored = past.clone();
                for (int from = 0; from < past.length; from += steps) {
                    shuffle(shuffled, mirrored, mask, from, steps, random);
                    Gaps.fill(shuffled, mask, from, steps);
                    Gaps.fill(mirrored, mask, from, steps);
                }
                baselines.add(shuffled);
                baselines.add(mirrored);
            }
            return baselines;
        }

        /** Fisher and Yates, over the observed steps. */
        private static void shuffle(float[] shuffled, float[] mirrored, float[] mask, int from, int steps,
                SplittableRandom random) {
            int[] observed = new int[steps];
            int count = 0;
            double sum = 0;
            for (int t = from; t < from + steps; t++) {
                if (mask[t] == 0) continue;
                observed[count++] = t;
                sum += shuffled[t];
            }
            for (int i = count - 1; i > 0; i--) {
                int j = observed[random.nextInt(i + 1)];
                float value = shuffled[observed[i]];
                shuffled[observed[i]] = shuffled[j];
                shuffled[j] = value;
            }
            double mean = sum / Math.max(1, count);
            for (int t : Arrays.copyOf(observed, count)) mirrored[t] = (float) (2 * mean - shuffled[t]);
        }
    }
}
