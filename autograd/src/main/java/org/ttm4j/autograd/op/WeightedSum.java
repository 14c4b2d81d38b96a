package org.ttm4j.autograd.op;

import java.util.Arrays;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/** y = Σᵢ wᵢ·xᵢ with fixed weights, elementwise: dxᵢ = wᵢ·dy. All tensors have one shape. */
public final class WeightedSum extends Operation {
    private final float[] weights;
    private final Tensor[] terms;
    private final int n;

    private WeightedSum(float[] weights, Tensor[] terms) {
        super(terms);
        if (weights.length != terms.length) {
            throw new IllegalArgumentException(weights.length + " weights for " + terms.length + " terms");
        }
        for (Tensor term : terms) requireShape(term, terms[0].shape(), "term");
        this.weights = weights;
        this.terms = terms;
        y = output(terms[0].shape());
        n = y.shape().size();
    }

    /** w₀·x₀ + w₁·x₁ + …; as many weights as terms: {@code WeightedSum.of([0.5, 2], [1, 2], [10, 20]) = [20.5, 41]}. */
    public static Tensor of(float[] weights, Tensor... terms) {
        return new WeightedSum(weights.clone(), terms.clone()).y;
    }

    /** a − b: {@code WeightedSum.difference([3, 4], [1, 1]) = [2, 3]}. */
    public static Tensor difference(Tensor a, Tensor b) {
        return new WeightedSum(new float[]{1, -1}, new Tensor[]{a, b}).y;
    }

    @Override
    protected void forward() {
        Arrays.fill(y.value(), 0, n, 0);
        for (int i = 0; i < terms.length; i++) {
            kernels.elementwise().addScaled(y.value(), 0, terms[i].value(), 0, weights[i], n);
        }
    }

    @Override
    protected void backward() {
        for (int i = 0; i < terms.length; i++) {
            if (!terms[i].needsGrad()) continue;
            kernels.elementwise().addScaled(terms[i].addableGrad(), 0, y.grad(), 0, weights[i], n);
        }
    }
}
