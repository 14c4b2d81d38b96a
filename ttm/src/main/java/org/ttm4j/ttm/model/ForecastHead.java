package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Dropout;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/** Maps flattened patches to H steps, selects channels and steps, and applies forecast channel mixing if enabled. */
public final class ForecastHead extends Layer {
    private final TtmConfig config;
    private final Linear base;
    private final ExogenousMixer channelMixing;

    public ForecastHead(TtmConfig config) {
        this.config = config;
        base = child("base_forecast_block",
                new Linear(config.numPatches() * config.headWidth(), config.predictionLength()));
        channelMixing = config.enableForecastChannelMixing() ? child("fcm_block", new ExogenousMixer(config)) : null;
    }

    /**
     * hidden [B, C, P, Dd] → [B, Ct, Hf], still scaled.
     *
     * @param channels the Ct channels to forecast, ascending
     * @param past [B, C, L] the unscaled context, read by forecast channel mixing
     * @param knownFuture [B, Cx, Hf] known future values of the exogenous channels, or null if there are none
     */
    public Tensor forward(Tensor hidden, int[] channels, Tensor past, Tensor knownFuture) {
        Shape s = hidden.shape();
        Tensor flat = hidden.reshape(s.dim(0), s.dim(1), s.dim(2) * s.dim(3));
        Tensor forecast = base.forward(Dropout.of(flat, (float) config.headDropout()));
        if (channels.length < s.dim(1)) forecast = Select.of(forecast, 1, channels);
        forecast = Select.range(forecast, 2, 0, config.outputLength());
        return shown(channelMixing == null ? forecast : channelMixing.forward(forecast, past, knownFuture));
    }
}
