package org.ttm4j.ttm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;

class ForecastRunTest {
    /** A masked-prediction model that mixes channels reads a known future, but does not need it. */
    @Test
    void anUnknownFutureIsNotThatOfTheForecastBefore() {
        TtmConfig config = Samples.config()
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .build();
        ForecastRun run = new ForecastRun(config, null, 2, 0, new int[0], false);
        double[][] history = new double[2][Samples.CONTEXT];
        double[][] future = new double[1][Samples.HORIZON];
        future[0][3] = 7;
        run.begin(history, Samples.CONTEXT, false, future, Samples.HORIZON);
        run.begin(history, Samples.CONTEXT, false, null, Samples.HORIZON);
        assertArrayEquals(new float[Samples.HORIZON], run.samples().knownFuture());
    }
}
