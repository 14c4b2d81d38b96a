package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.Graph;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class WindowsTest {
    private static final float NAN = Float.NaN;

    private static WindowSource.Window window(int past, int future) {
        return new WindowSource.Window(new float[past], new float[past], new float[future], new float[future],
                new float[0], new int[1], new int[0]);
    }

    @Test
    void aWindowIsOnTheScaleOfItsPast() {
        WindowSource.Window window = window(4, 3);
        // Of the past 8, 12, 8, 12: mean 10, biased deviation 2.
        assertEquals(2, window.normalise(new float[]{8, 12, 8, 12, 10, 14, 9}));
        assertArrayEquals(new float[]{-1, 1, -1, 1}, window.past());
        assertArrayEquals(new float[]{1, 1, 1, 1}, window.mask());
        assertArrayEquals(new float[]{0, 2, -0.5f}, window.target());
        assertArrayEquals(new float[]{1, 1, 1}, window.targetMask());
    }

    @Test
    void missingStepsAreMaskedAndThoseOfThePastInterpolated() {
        WindowSource.Window window = window(6, 3);
        Arrays.fill(window.target(), 7);
        assertEquals(2, window.normalise(new float[]{NAN, 8, NAN, 12, NAN, NAN, NAN, 12, NAN}));
        assertArrayEquals(new float[]{-1, -1, 0, 1, 1, 1}, window.past());
        assertArrayEquals(new float[]{0, 1, 0, 1, 0, 0}, window.mask());
        assertArrayEquals(new float[]{0, 1, 0}, window.target());
        assertArrayEquals(new float[]{0, 1, 0}, window.targetMask());
    }

    @Test
    void oneWildStepIsLimited() {
        WindowSource.Window window = window(2, 2);
        window.normalise(new float[]{-1, 1, 1e9f, -1e9f});
        assertArrayEquals(new float[]{20, -20}, window.target());
    }

    @Test
    void aFlatOrEmptyPastHasAScale() {
        WindowSource.Window window = window(3, 1);
        assertEquals(1e-4, window.normalise(new float[]{5, 5, 5, 5.001f}));
        assertArrayEquals(new float[3], window.past());
        assertEquals(10, window.target()[0], 0.05);
        assertEquals(1e-4, window.normalise(new float[]{NAN, NAN, NAN, 3}));
        assertArrayEquals(new float[3], window.past());
        assertArrayEquals(new float[3], window.mask());
        assertArrayEquals(new float[]{20}, window.target());
    }

    /** An empty series is scaled by the mean of the others in the batch, which must not be those of earlier windows. */
    @Test
    void placesWithoutAWindowCountAsUnobserved() {
        TtmConfig config = Samples.config(16, 2).set(Key.SCALING, TtmConfig.Scaling.MEAN).build();
        TtmModel model = new TtmModel(config).initialize(1);
        WindowSource source = (window, index) -> {
            Arrays.fill(window.past(), index == 0 ? 0 : 100);
            Arrays.fill(window.mask(), index == 0 ? 0 : 1);
            Arrays.fill(window.targetMask(), 1);
        };
        WindowBatch batch = new WindowBatch(model, Graph.Mode.INFERENCE, 2, 1);
        double loss = batch.measure(source, 0, 1);
        batch.measure(source, 1, 2);
        assertEquals(loss, batch.measure(source, 0, 1));
    }
}
