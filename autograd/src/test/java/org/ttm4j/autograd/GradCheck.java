package org.ttm4j.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ttm4j.autograd.TestOperations.Copy;
import org.ttm4j.autograd.TestOperations.WeightedSum;
import org.ttm4j.autograd.op.Add;

/**
 * A check of one operation. A declaration in one line holds its values against a formula in double, its gradients
 * against finite differences, and requires that gradients overwrite and add in the right places, that frozen tensors
 * change nothing for the others, and that a second run repeats the first.
 *
 * <pre>{@code
 * GradCheck.of(Add.class, "", (g, x, w) -> Add.of(x[0], x[1])).tensor(3, 5).tensor(3, 5).equalTo((x, w) -> ...)
 * }</pre>
 */
public final class GradCheck {
    /** Relative to the norm of a whole gradient. */
    private static final double TOLERANCE = 1e-3;
    /** Gradients of this norm or less count as this: the noise of float32 values in differences. */
    private static final double FLOOR = 0.1;
    /** Step of the differences: with the fourth-order stencil, truncation and rounding errors are both near 1e-6. */
    private static final float STEP = 1f / 32;

    /** Records the operation on tensors and parameters. */
    @FunctionalInterface
    public interface Recorder {
        Tensor record(Graph graph, Tensor[] x, Parameter[] w);
    }

    /** The operation's result, in double. */
    @FunctionalInterface
    public interface Formula {
        double[] of(double[][] x, double[][] w);
    }

    private final Class<? extends Operation> operation;
    private final String name;
    private final Recorder recorder;
    private final List<Parameter> tensors = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private Graph.Mode mode = Graph.Mode.GRADIENT;
    private boolean gradient = true;
    private Formula formula;

    private GradCheck(Class<? extends Operation> operation, String name, Recorder recorder) {
        this.operation = operation;
        this.name = name;
        this.recorder = recorder;
    }

    public static GradCheck of(Class<? extends Operation> operation, String name, Recorder recorder) {
        return new GradCheck(operation, name, recorder);
    }

    /** One more tensor that the operation reads, of values in ±1. */
    public GradCheck tensor(int... dims) {
        tensors.add(TestOperations.parameter(tensors.size() + 1, dims));
        return this;
    }

    /** One more trained parameter that the operation reads, of values in ±1. */
    public GradCheck parameter(int... dims) {
        parameters.add(TestOperations.parameter(parameters.size() + 11, dims));
        return this;
    }

    public GradCheck training() {
        mode = Graph.Mode.TRAINING;
        return this;
    }

    /** Declares that no gradient passes: the operation must refuse tensors that need one. */
    public GradCheck noGradient() {
        gradient = false;
        return this;
    }

    public GradCheck equalTo(Formula expected) {
        formula = expected;
        return this;
    }

    public Class<? extends Operation> operation() {
        return operation;
    }

    @Override
    public String toString() {
        String shapes = tensors.toString() + parameters;
        return (operation.getSimpleName() + " " + name).trim() + " " + shapes.replaceAll("p\\d+ ", "");
    }

    /** Runs everything; fails with the first difference. */
    public void run() {
        if (!gradient) {
            values(new Run(Graph.Mode.INFERENCE, false));
            assertThrows(IllegalArgumentException.class, () -> new Run(Graph.Mode.GRADIENT, false));
            return;
        }
        Run plain = new Run(mode, false);
        values(plain);
        float[][] analytic = plain.gradients();
        differences(plain, analytic);
        repeated(plain, analytic);
        shared(analytic);
        frozen(analytic);
    }

    private List<Parameter> all() {
        List<Parameter> all = new ArrayList<>(tensors);
        all.addAll(parameters);
        return all;
    }

    /** One recording of the operation, between copies of the tensors and a weighted sum. */
    private final class Run {
        private final Graph graph;
        private final Tensor[] x = new Tensor[tensors.size()];
        private final Tensor y;
        private final WeightedSum sum;
        private Tensor loss;

        /** {@code shared}: the tensors are read once more, by sums that come after the operation. */
        Run(Graph.Mode mode, boolean shared) {
            graph = new Graph(mode);
            graph.seed(5);
            for (int i = 0; i < x.length; i++) x[i] = Copy.of(graph.leaf(tensors.get(i)));
            y = Copy.of(recorder.record(graph, x, parameters.toArray(new Parameter[0]))).keep();
            sum = new WeightedSum(y, TestOperations.random(21, y.shape().size()));
            loss = sum.output();
            for (int i = 0; shared && i < x.length; i++) {
                Tensor more = new WeightedSum(x[i], sharedWeights(i)).output();
                loss = Add.of(loss, more);
            }
        }

        double loss() {
            graph.forward();
            return sum.sum();
        }

        /** Of every tensor, then every parameter; zeros where frozen. */
        float[][] gradients() {
            backward();
            return collect();
        }

        void backward() {
            graph.forward();
            // Whatever reads a gradient before this pass has written it shows.
            if (y.needsGrad()) Arrays.fill(y.grad(), Float.NaN);
            for (Tensor tensor : x) if (tensor.needsGrad()) Arrays.fill(tensor.grad(), Float.NaN);
            graph.backward(loss, 1);
        }

        float[][] collect() {
            graph.collectGradients();
            float[][] gradients = all().stream().map(p -> p.grad().clone()).toArray(float[][]::new);
            all().forEach(p -> Arrays.fill(p.grad(), 0));
            return gradients;
        }
    }

    private float[] sharedWeights(int i) {
        return TestOperations.random(31 + i, tensors.get(i).shape().size());
    }

    private void values(Run run) {
        run.graph.forward();
        float[] actual = Arrays.copyOf(run.y.value(), run.y.shape().size());
        if (mode == Graph.Mode.GRADIENT && gradient) {
            Run inference = new Run(Graph.Mode.INFERENCE, false);
            inference.graph.forward();
            // Not bit for bit: kernels that keep nothing for backward may use another formula, as GELU's does.
            assertArrayEquals(actual, Arrays.copyOf(inference.y.value(), actual.length), 1e-6f, "at inference");
        }
        if (formula == null) return;
        double[] expected = formula.of(doubles(tensors), doubles(parameters));
        assertEquals(expected.length, actual.length, "size of " + run.y.shape());
        for (int i = 0; i < actual.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5 * (1 + Math.abs(expected[i])), "value " + i);
        }
    }

    private void differences(Run run, float[][] analytic) {
        for (int p = 0; p < analytic.length; p++) {
            Parameter parameter = all().get(p);
            double error = 0;
            double norm = 0;
            double largest = -1;
            String worst = "";
            for (int i = 0; i < analytic[p].length; i++) {
                double numeric = (8 * central(run, parameter, i, STEP) - central(run, parameter, i, 2 * STEP))
                        / (12 * STEP);
                double difference = Math.abs(numeric - analytic[p][i]);
                error += difference * difference;
                norm += numeric * numeric;
                if (difference > largest || Double.isNaN(difference)) {
                    largest = difference;
                    worst = "element " + i + ", " + analytic[p][i] + " instead of " + numeric;
                }
            }
            double relative = Math.sqrt(error) / Math.max(FLOOR, Math.sqrt(norm));
            assertTrue(relative <= TOLERANCE,
                    describe(p) + " deviates from differences by " + relative + ", most in " + worst
                            + ", with steps of " + STEP
                            + " and twice that (near a kink of the value or the slope, move the inputs away)");
        }
    }

    /** f(value + h) − f(value − h). */
    private static double central(Run run, Parameter parameter, int i, float h) {
        float value = parameter.value()[i];
        double difference = 0;
        for (int sign = 1; sign >= -1; sign -= 2) {
            parameter.value()[i] = value + sign * h;
            parameter.changed();
            difference += sign * run.loss();
        }
        parameter.value()[i] = value;
        parameter.changed();
        return difference;
    }

    private void repeated(Run run, float[][] analytic) {
        run.backward();
        run.backward();
        float[][] twice = run.collect();
        float[][] again = run.gradients();
        for (int p = 0; p < analytic.length; p++) {
            for (int i = 0; i < analytic[p].length; i++) {
                assertEquals(2 * analytic[p][i], twice[p][i], 1e-4, describe(p) + " over two passes");
            }
            assertArrayEquals(analytic[p], again[p], describe(p) + " at another pass");
        }
    }

    private void shared(float[][] analytic) {
        float[][] actual = new Run(mode, true).gradients();
        for (int p = 0; p < analytic.length; p++) {
            float[] more = p < tensors.size() ? sharedWeights(p) : new float[analytic[p].length];
            for (int i = 0; i < more.length; i++) {
                assertEquals(analytic[p][i] + more[i], actual[p][i], 1e-4, describe(p) + " read by two operations");
            }
        }
    }

    /** Each tensor and parameter alone without a gradient, and each alone with one. */
    private void frozen(float[][] analytic) {
        int n = analytic.length;
        for (int p = 0; n > 1 && p < n; p++) {
            for (boolean alone : new boolean[]{false, true}) {
                for (int other = 0; other < n; other++) all().get(other).freeze((other == p) != alone);
                float[][] actual = new Run(mode, false).gradients();
                for (int other = 0; other < n; other++) {
                    boolean zero = (other == p) != alone;
                    assertArrayEquals(zero ? new float[analytic[other].length] : analytic[other], actual[other],
                            describe(other) + " with " + describe(p) + (alone ? " alone trained" : " frozen"));
                }
            }
        }
        all().forEach(p -> p.freeze(false));
    }

    private String describe(int p) {
        boolean tensor = p < tensors.size();
        return this + ": gradient of " + (tensor ? "tensor " + p : "parameter " + (p - tensors.size()));
    }

    private static double[][] doubles(List<Parameter> parameters) {
        double[][] all = new double[parameters.size()][];
        for (int p = 0; p < all.length; p++) {
            float[] value = parameters.get(p).value();
            all[p] = new double[value.length];
            for (int i = 0; i < value.length; i++) all[p][i] = value[i];
        }
        return all;
    }
}
