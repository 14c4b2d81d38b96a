package org.ttm4j.autograd;

import java.util.Random;
import org.ttm4j.engine.Shape;

/** What tests put around an operation: an interior tensor in front, a scalar behind, fixed values beside. */
public final class TestOperations {
    private TestOperations() {}

    /** y = x, so that a leaf's value reaches the operation under test as an interior tensor. */
    public static final class Copy extends Operation {
        private final Tensor x;
        private final Tensor y;

        private Copy(Tensor x) {
            super(x);
            this.x = x;
            y = output(x.shape());
        }

        public static Tensor of(Tensor x) {
            return new Copy(x).y;
        }

        @Override
        protected void forward() {
            System.arraycopy(x.value(), 0, y.value(), 0, x.shape().size());
        }

        @Override
        protected void backward() {
            if (!x.needsGrad()) return;
            boolean add = x.accumulatesGrad();
            for (int i = 0; i < x.shape().size(); i++) x.grad()[i] = y.grad()[i] + (add ? x.grad()[i] : 0);
        }
    }

    /** Σ weights ⊙ x, summed in double, as the one element of {@link #output} and in full as {@link #sum}. */
    public static final class WeightedSum extends Operation {
        private final Tensor x;
        private final float[] weights;
        private final Tensor output;
        private double sum;

        public WeightedSum(Tensor x, float[] weights) {
            super(x);
            this.x = x;
            this.weights = weights;
            output = output(Shape.of(1)).keep();
        }

        public Tensor output() {
            return output;
        }

        public double sum() {
            return sum;
        }

        @Override
        protected void forward() {
            sum = 0;
            for (int i = 0; i < x.shape().size(); i++) sum += (double) weights[i] * x.value()[i];
            output.value()[0] = (float) sum;
        }

        @Override
        protected void backward() {
            if (!x.needsGrad()) return;
            boolean add = x.accumulatesGrad();
            for (int i = 0; i < x.shape().size(); i++) {
                x.grad()[i] = output.grad()[0] * weights[i] + (add ? x.grad()[i] : 0);
            }
        }
    }

    /** A graph input that holds the given values. */
    public static Tensor input(Graph graph, float[] values, int... dims) {
        Tensor input = graph.input(Shape.of(dims));
        System.arraycopy(values, 0, input.value(), 0, values.length);
        return input;
    }

    /** Values in ±1; the same seed gives the same values. */
    public static float[] random(long seed, int n) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = 2 * random.nextFloat() - 1;
        return values;
    }

    /** A trained parameter with values in ±1. */
    public static Parameter parameter(long seed, int... dims) {
        Parameter parameter = new Parameter("p" + seed, Parameter.Kind.TRAINED, Shape.of(dims));
        System.arraycopy(random(seed, parameter.shape().size()), 0, parameter.value(), 0, parameter.shape().size());
        parameter.changed();
        return parameter;
    }
}
