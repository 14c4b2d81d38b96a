package org.ttm4j.forecast.attribution;

import java.util.function.IntToDoubleFunction;
import java.util.function.ObjIntConsumer;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.series.Rows;

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
     * @param sample of the samples, that the points are inputs of
     * @param row of the forecast of a sample
     * @param of the steps of the forecast that are summed
     */
    TargetGradient(Predictor predictor, Predictor.Samples samples, int sample, int row, Rows of, int rows) {
        this.rows = rows;
        graph = new Graph(Graph.Mode.VARIABLES, predictor.kernels());
        Predictor.Pass pass = predictor.pass(graph, rows);
        for (int i = 0; i < rows; i++) pass.read(samples, sample, i);
        past = pass.inputs().past();
        forecast = pass.outputs().forecast(); // [rows, Ct, Hf]
        Shape shape = forecast.shape();
        first = row * shape.dim(2) + of.from();
        steps = of.to() - of.from();
        // Rows do not see each other, so that the gradient of their sum is that of each.
        Parameter selection = new Parameter("selection", Parameter.Kind.BUFFER, Shape.of(1, shape.size()));
        for (int i = 0; i < rows; i++) {
            for (int t = 0; t < steps; t++) selection.value()[i * shape.size() / rows + first + t] = 1;
        }
        sum = LeftAffine.of(forecast.reshape(shape.size(), 1), selection, null); // [1, 1]
    }

    /** From now on, what the model picks is what it picks of the sample itself. */
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
}
