package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.SignedNorm;
import org.ttm4j.autograd.op.Smooth;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.autograd.op.WeightedSum;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The sum of two forecasters, one for the trend and one for the residual. The trend forecaster sees the scaled context;
 * the residual forecaster sees the scaled context minus its robust trend ({@link Smooth}). Scaler and smoothing use all
 * given steps, the forecasters only the last ones.
 */
record DecomposedForecast(TtmConfig config, TtmModel trend, TtmModel residual) {
    private static final float VARIANCE_EPS = 1e-8f;

    /** As {@link TtmModel#forward}; the past may have more than L steps. */
    TtmModel.Outputs forward(TtmModel.Inputs in) {
        int[] targets = config.predictionChannels(in.past().shape().dim(1)); // Ct indices of C channels
        Standardize.Result scaled = Scaler.scale(config.scaling(), in.past(), in.mask()); // [B, C, T]; [B, C]
        Tensor smooth = Smooth.of(scaled.scaled()); // [B, C, T]
        Tensor rest = WeightedSum.difference(scaled.scaled(), smooth); // [B, C, T]
        TtmModel.Outputs ofTrend = trend.forward(in.withPast(last(scaled.scaled(), trend))); // on [B, C, L]
        TtmModel.Outputs ofRest = residual.forward(in.withPast(last(rest, residual))); // on [B, C, residual context]
        Tensor forecast = Add.of(ofTrend.forecast(), ofRest.forecast()); // [B, Ct, Hf], scaled
        Tensor quantiles = ofTrend.quantiles() == null ? null : sum(ofTrend.quantiles(), ofRest.quantiles());
        int restSteps = config.decomposition().residualContextLength().orElse(smooth.shape().dim(2));
        TtmModel.Parts parts = new TtmModel.Parts(ofTrend, ofRest, Select.of(scaled.scaled(), 1, targets),
                Select.of(smooth, 1, targets), Select.of(last(rest, restSteps), 1, targets), forecast, quantiles);
        Scaler.Statistics statistics = Scaler.Statistics.of(scaled, targets); // [B, Ct]
        return new TtmModel.Outputs(statistics.inUnits(forecast), statistics.inUnits(quantiles), null, null, statistics,
                parts);
    }

    private static Tensor last(Tensor x, TtmModel forecaster) {
        return last(x, forecaster.config().contextLength());
    }

    private static Tensor last(Tensor x, int steps) {
        int end = x.shape().dim(2);
        return Select.range(x, 2, end - steps, end);
    }

    /**
     * Quantiles [B, Ct, Q, n] of the sum of two parts: the sums of quantiles of the same level, or combined by
     * variance. In the latter case the medians add up, and the deviations a and b from the medians combine to sign(a +
     * b)·√(a² + b² + 1e-8).
     */
    private Tensor sum(Tensor a, Tensor b) {
        if (!config.decomposition().combineQuantilesViaVariance()) return Add.of(a, b);
        int count = a.shape().dim(2);
        Parameter middle = new Parameter("middle", Parameter.Kind.BUFFER, Shape.of(count, count));
        Parameter deviation = new Parameter("deviation", Parameter.Kind.BUFFER, Shape.of(count, count));
        for (int q = 0; q < count; q++) {
            middle.value()[q * count + count / 2] = 1;
            deviation.value()[q * count + q] = 1;
            deviation.value()[q * count + count / 2] -= 1;
        }
        Tensor deviations = SignedNorm.of(LeftAffine.of(a, deviation, null), LeftAffine.of(b, deviation, null),
                VARIANCE_EPS); // 0 for the median
        return Add.of(LeftAffine.of(Add.of(a, b), middle, null), deviations);
    }
}
