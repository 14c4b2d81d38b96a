package org.ttm4j.ttm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class PredictorTest {
    private static final int MOST = 45;
    private final Predictor predictor = new Predictor(new TtmModel(Samples.config().build()).initialize(1),
            KernelSelection.scalar());

    /** So many samples, of which the i-th is the same whatever their number. */
    private static Predictor.Samples samples(int count) {
        float[] past = new float[count * Samples.CONTEXT];
        for (int i = 0; i < past.length; i++) past[i] = (float) Samples.value(i % Samples.CONTEXT, i / Samples.CONTEXT);
        float[] mask = new float[past.length];
        Arrays.fill(mask, 1);
        return new Predictor.Samples(past, mask, null, null, null, new float[count * Samples.HORIZON], null, null);
    }

    @Test
    void aForecastIsTheSameInABatchOfAnySize() {
        Predictor.Samples all = samples(MOST);
        for (int i = 0; i < MOST; i++) predictor.predict(all, i, i + 1);
        for (int count = 1; count <= MOST; count++) {
            Predictor.Samples alone = samples(count);
            predictor.predict(alone, 0, count);
            assertArrayEquals(Arrays.copyOf(all.forecast(), count * Samples.HORIZON), alone.forecast());
            Predictor.Samples half = samples(count);
            predictor.predict(List.of(half, samples(1)), null, () -> {});
            assertArrayEquals(alone.forecast(), half.forecast());
        }
    }

    /** The memory of passes is kept: that of every size would be some ten times that of the sizes there are. */
    @Test
    void aBatchOfAnySizeNeedsNoMemoryOfItsOwn() {
        IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 16, 24, 32).forEach(count -> predictor.predict(samples(count), 0, count));
        List<Predictor.Samples> batches = IntStream.rangeClosed(1, MOST).mapToObj(PredictorTest::samples).toList();
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        for (Predictor.Samples batch : batches) predictor.predict(batch, 0, batch.past().length / Samples.CONTEXT);
        long bytes = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 20_000, bytes + " bytes");
    }
}
