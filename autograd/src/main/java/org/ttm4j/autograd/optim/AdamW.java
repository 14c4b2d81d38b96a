package org.ttm4j.autograd.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.OptimizerKernels.AdamWSettings;

/**
 * Adam with decoupled weight decay, equal to PyTorch's {@code AdamW}: the decay applies to every trained parameter,
 * biases and norms included. Betas 0.9 and 0.999, eps 1e-8. Not thread-safe. Source: arXiv:1711.05101.
 */
public final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPS = 1e-8;

    private final List<State> states = new ArrayList<>();
    private final AdamWSettings settings;
    private int steps;

    private record State(String name, Parameter parameter, float[] m, float[] v) {}

    /** An optimiser for the given parameters, by full name. Parameters that are not trainable now are ignored. */
    public AdamW(Map<String, Parameter> parameters, float weightDecay) {
        settings = new AdamWSettings(BETA1, BETA2, EPS, weightDecay);
        parameters.forEach((name, p) -> {
            int n = p.shape().size();
            if (p.trainable()) states.add(new State(name, p, new float[n], new float[n]));
        });
    }

    /** The parameters that this optimiser updates. */
    public Collection<Parameter> parameters() {
        return states.stream().map(State::parameter).toList();
    }

    /** Sets every gradient to 0. */
    public void zeroGradients() {
        for (State state : states) Arrays.fill(state.parameter.grad(), 0);
    }

    /** The Euclidean norm of all gradients together. */
    public double gradientNorm() {
        double sum = 0;
        for (State state : states) {
            float[] grad = state.parameter.grad();
            sum += KernelSelection.active().elementwise().sumOfSquares(grad, 0, grad.length);
        }
        return Math.sqrt(sum);
    }

    /** Updates every parameter from its gradient. */
    public void step(double learningRate) {
        step(learningRate, 1);
    }

    /** Updates every parameter from its gradient × {@code gradientScale}; see {@link #clipScale}. */
    public void step(double learningRate, float gradientScale) {
        steps++;
        for (State state : states) update(state, learningRate, gradientScale, steps);
    }

    /**
     * The next {@link #step(double, float)} as one task per parameter, which may run in parallel. All tasks must have
     * finished before any other method of this optimiser is called.
     */
    public List<Runnable> updates(double learningRate, float gradientScale) {
        int step = ++steps;
        return states.stream().<Runnable>map(state -> () -> update(state, learningRate, gradientScale, step)).toList();
    }

    private void update(State s, double learningRate, float gradientScale, int step) {
        Parameter p = s.parameter;
        KernelSelection.active()
                .optimizer()
                .adamW(p.value(), s.m, s.v, p.grad(), p.shape().size(), gradientScale, learningRate, settings, step);
        p.repack();
    }

    /** The factor that clips gradients of this norm, as {@code clip_grad_norm_} does: min(1, maxNorm/(norm + 1e-6)). */
    public static float clipScale(double norm, double maxNorm) {
        return (float) Math.min(1, maxNorm / (norm + 1e-6));
    }

    /** The number of steps taken. */
    public int steps() {
        return steps;
    }

    /** The moments, not copied, as {@code m.name} and {@code v.name}: with {@link #steps()} the state of a run. */
    public Map<String, float[]> moments() {
        Map<String, float[]> moments = new TreeMap<>();
        for (State s : states) {
            moments.put("m." + s.name, s.m);
            moments.put("v." + s.name, s.v);
        }
        return moments;
    }

    /** Sets the number of steps taken. A resumed run also fills {@link #moments()}. */
    public void resumeAt(int count) {
        steps = count;
    }
}
