package org.ttm4j.ttm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class RequestTraceTest {
    @Test
    void aLargeMeanDoesNotRoundTheScale() {
        TtmModel model = new TtmModel(Samples.config().build()).initialize(1);
        Predictor predictor = new Predictor(model, KernelSelection.active());
        ForecastRun run = new ForecastRun(model.config(), null, 1, 0, new int[0], false);
        double[][] history = new double[1][Samples.CONTEXT];
        for (int t = 0; t < Samples.CONTEXT; t++) history[0][t] = 1e15 + 0.25 * (t % 3);
        run.begin(history, Samples.CONTEXT, false, null, Samples.HORIZON);
        float scale = RequestTrace.of(predictor, run).tensor("scale").at(0);
        assertEquals(0.25 * Math.sqrt(2.0 / 3), scale, 1e-5);
    }
}
