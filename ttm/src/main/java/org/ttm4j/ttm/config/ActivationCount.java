package org.ttm4j.ttm.config;

/**
 * An estimate of the floats that a forward pass of one sample holds at the same time, without gradients: the series and
 * its patches, plus the largest stage. A sample is all channels if the model mixes channels, otherwise one channel.
 *
 * @param total floats
 * @param largest the key of the largest stage
 */
record ActivationCount(double total, Key largest) {

    static ActivationCount of(TtmConfig c) {
        if (c.decomposed()) {
            ActivationCount trend = of(c.trendForecaster());
            ActivationCount residual = of(c.residualForecaster());
            // The scaled context, its trend, the residual, and the working memory of smoothing.
            double series = (4.0 * channels(c) + 7) * c.contextLength();
            return new ActivationCount(trend.total + residual.total + series,
                    trend.total > residual.total ? trend.largest : residual.largest);
        }
        double channels = channels(c);
        double patches = c.numPatches();
        Sizes stage = new Sizes();
        stage.add(Key.D_MODEL, mixer(c, channels * patches, c.dModel(), c.adaptivePatchingLevels()));
        if (c.useDecoder()) {
            double rows = (channels + c.categoricalVocabSizeList().size()) * patches;
            stage.add(Key.DECODER_D_MODEL, mixer(c, rows, c.decoderDModel(), c.decoderAdaptivePatchingLevels()));
        }
        stage.add(Key.FFT_LENGTH, 2 * channels * c.tokens().frequencyCount(c) * c.tokens().frequencyWidth(c));
        QuantileHeadConfig head = c.quantileHead();
        if (head.enabled()) {
            double step = head.kernelSize() + 2.0 * head.stepWidth() + 3.0 * head.levels().size();
            stage.add(Key.MQ_HIDDEN, channels * (c.outputLength() * step + patches * head.decoderDModel()));
        }
        stage.add(Key.PREDICTION_LENGTH, channels * (c.predictionLength() + patches * c.headWidth()));
        if (c.enableForecastChannelMixing()) {
            double mixed = c.forecastChannelCount() + (double) c.exogenousChannelIndices().size();
            double rows = c.outputLength() * mixed;
            double window = rows * c.fcmWindow();
            stage.add(Key.FCM_CONTEXT_LENGTH,
                    c.fcmUseMixer()
                            ? window + attention(c, rows * mixed) + (3 + c.expansionFactor()) * 2 * window
                            : 3 * window);
        }
        Sizes series = new Sizes();
        // The series, its mask and its scaled copy.
        series.add(Key.CONTEXT_LENGTH, 3 * channels * c.modelContextLength());
        // Tables and working memory of a Fourier transform: doubles, of up to four times the length.
        if (c.tokens().fftLength() > 0) series.add(Key.FFT_LENGTH, 32.0 * c.contextLength());
        series.add(Key.PATCH_LENGTH, channels * patches * c.patchLength());
        return new ActivationCount(stage.most() + series.total(),
                stage.most() > series.most() ? stage.largest() : series.largest());
    }

    private static double channels(TtmConfig c) {
        return c.mixesChannels() ? c.numInputChannels() : 1;
    }

    /** The mixers of a stack: input, normalised input, hidden layer and output, weights of attention or gates. */
    private static double mixer(TtmConfig c, double rows, double width, int levels) {
        double most = c.numPatches();
        for (int factor : TtmConfig.levelFactors((int) width, levels)) {
            most = Math.max(most, (double) c.numPatches() * factor);
        }
        return rows * width * (3 + Math.max(c.gate().mapWidth(1), c.expansionFactor()))
                + attention(c, rows / c.numPatches() * most * most);
    }

    private static double attention(TtmConfig c, double pairs) {
        return c.selfAttn() ? pairs * c.selfAttnHeads() : 0;
    }
}
