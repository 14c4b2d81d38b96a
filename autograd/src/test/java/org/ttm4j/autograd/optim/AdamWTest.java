package org.ttm4j.autograd.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.autograd.TestOperations.parameter;
import static org.ttm4j.autograd.TestOperations.random;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.Parameter;

class AdamWTest {
    private static final int N = 19;
    private static final float DECAY = 0.1f;

    private static Map<String, Parameter> parameters() {
        return new TreeMap<>(Map.of("a.weight", parameter(1, N), "b.weight", parameter(2, 3, 5)));
    }

    private static void gradients(Map<String, Parameter> parameters, int step) {
        for (Parameter p : parameters.values()) {
            System.arraycopy(random(100 + step, p.grad().length), 0, p.grad(), 0, p.grad().length);
        }
    }

    @Test
    void stepsAsTheFormulaInDouble() {
        Parameter p = parameter(1, N);
        AdamW optimizer = new AdamW(Map.of("p", p), DECAY);
        double[] w = new double[N];
        double[] m = new double[N];
        double[] v = new double[N];
        for (int i = 0; i < N; i++) w[i] = p.value()[i];
        for (int t = 1; t <= 50; t++) {
            double rate = 0.01 * t;
            float scale = t % 3 == 0 ? 0.5f : 1;
            gradients(Map.of("p", p), t);
            optimizer.step(rate, scale);
            for (int i = 0; i < N; i++) {
                double g = p.grad()[i] * scale;
                w[i] -= rate * DECAY * w[i];
                m[i] = 0.9 * m[i] + (1 - 0.9) * g;
                v[i] = 0.999 * v[i] + (1 - 0.999) * g * g;
                w[i] -= rate * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
                assertEquals(w[i], p.value()[i], 1e-6 * t, "step " + t + ", element " + i);
                assertEquals(m[i], optimizer.moments().get("m.p")[i], 1e-6, "first moment, step " + t);
                assertEquals(v[i], optimizer.moments().get("v.p")[i], 2e-6 * v[i], "second moment, step " + t);
            }
        }
        assertEquals(50, optimizer.steps());
    }

    @Test
    void decayAppliesWithoutAGradient() {
        Parameter p = parameter(1, 1);
        p.value()[0] = 2;
        new AdamW(Map.of("p", p), DECAY).step(0.5);
        assertEquals(2 * (1 - 0.5f * DECAY), p.value()[0], 1e-6);
    }

    @Test
    void aResumedRunEqualsAStraightOneBitForBit() {
        Map<String, Parameter> straight = parameters();
        Map<String, Parameter> resumed = parameters();
        run(new AdamW(straight, DECAY), straight, 0, 10);
        AdamW first = new AdamW(resumed, DECAY);
        run(first, resumed, 0, 5);
        AdamW second = new AdamW(resumed, DECAY);
        assertEquals(List.of("m.a.weight", "m.b.weight", "v.a.weight", "v.b.weight"),
                List.copyOf(second.moments().keySet()));
        first.moments().forEach((name, from) -> System.arraycopy(from, 0, second.moments().get(name), 0, from.length));
        second.resumeAt(first.steps());
        run(second, resumed, 5, 10);
        straight.forEach((name, p) -> assertArrayEquals(p.value(), resumed.get(name).value(), name));
    }

    private static void run(AdamW optimizer, Map<String, Parameter> parameters, int from, int to) {
        for (int step = from; step < to; step++) {
            gradients(parameters, step);
            optimizer.step(0.01);
        }
    }

    @Test
    void frozenParametersAndBuffersStay() {
        Map<String, Parameter> parameters = parameters();
        Parameter frozen = parameters.get("a.weight");
        float[] before = frozen.value().clone();
        frozen.freeze(true);
        AdamW optimizer = new AdamW(parameters, DECAY);
        gradients(parameters, 1);
        optimizer.step(0.1);
        assertArrayEquals(before, frozen.value());
        assertEquals(List.of(parameters.get("b.weight")), List.copyOf(optimizer.parameters()));
    }

    @Test
    void clippingLimitsTheNormOfAllGradients() {
        Map<String, Parameter> parameters = parameters();
        AdamW optimizer = new AdamW(parameters, 0);
        assertEquals(0, optimizer.gradientNorm());
        parameters.get("a.weight").grad()[7] = 3;
        parameters.get("b.weight").grad()[14] = -4;
        assertEquals(5, optimizer.gradientNorm(), 1e-12);
        assertEquals(0.4, AdamW.clipScale(5, 2), 1e-6);
        assertEquals(1, AdamW.clipScale(2, 5));
        assertEquals(1, AdamW.clipScale(0, 1));
        optimizer.zeroGradients();
        assertEquals(0, optimizer.gradientNorm());
    }
}
