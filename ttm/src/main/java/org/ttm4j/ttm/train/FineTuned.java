package org.ttm4j.ttm.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.ttm.Channels;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.PastForecasts;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.ConformalOptions;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.rolling.Calibration;
import org.ttm4j.ttm.rolling.Origins;

/**
 * A fine-tuned model and how it was made. Whoever holds it shares the model, so it is as thread-safe as that.
 *
 * @param model the result
 * @param channels names, roles, means and deviations of the columns that the model was trained on
 * @param options those of the training
 * @param initialized parts that the pre-trained model did not have, or had for fewer steps, by the prefixes of their parameters' names
 * @param learningRate the peak rate, given or found; 0 while it is still being found
 * @param epochs the model before training, number 0, and all epochs after it
 * @param share how far the result lies on the way from the pre-trained weights to those of the best epoch, 0 to 1
 * @param validationLoss of the result
 */
public record FineTuned(TtmModel model, Channels channels, FineTuningOptions options, List<String> initialized,
        double learningRate, List<FineTuning.Epoch> epochs, double share, double validationLoss) {
    private static final String RECORD = "training.json";

    /** A forecaster that takes and gives original units. */
    public Forecaster forecaster() {
        return Forecaster.of(model, channels);
    }

    /** Whether training improved the model so far; otherwise this is the model before training. */
    public boolean improved() {
        return share > 0;
    }

    /** Number of the best epoch; 0 when training brought no improvement. */
    public int bestEpoch() {
        int best = 0;
        for (FineTuning.Epoch epoch : epochs) if (epoch.best()) best = epoch.number();
        return best;
    }

    /**
     * The deciles of the forecasts, from the errors on the validation rows, those of several series together: then they
     * hold on average over the series, and not for each. A forecaster that is loaded from the folder of the model gives
     * forecasts with these quantiles once they are written there: {@code tuned.intervals(data).write(folder)}. Missing
     * values of known-future channels are filled, as in training.
     *
     * @param data what the model was fine-tuned on
     * @throws IllegalArgumentException when there are too few windows with observed values, with how many are needed
     * @throws InterruptedException when this thread is interrupted
     */
    public ConformalIntervals intervals(FineTuningData data) throws InterruptedException {
        List<FineTuningData.Series> all = data.series();
        if (all.size() == 1) {
            return Calibration.on(past(all.get(0), data), all.get(0).values(), origins(all.get(0)),
                    ConformalIntervals.deciles(), ConformalOptions.defaults(), options.threads());
        }
        ConformalOptions pooled = ConformalOptions.defaults();
        ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(),
                model.config().predictionChannels(channels.inputs().size()).length, model.config().outputLength(),
                pooled);
        // The most recent errors are remembered: a few of each series.
        int each = Math.max(1, pooled.windows() / all.size());
        for (FineTuningData.Series series : all) {
            Calibration.add(intervals, past(series, data), series.values(), origins(series).thinned(each),
                    options.threads());
        }
        Calibration.requireEnough(intervals);
        return intervals;
    }

    private PastForecasts past(FineTuningData.Series series, FineTuningData data) {
        ForecastRequest rows = ForecastRequest.of(series.values()).withCategories(series.categories());
        return PastForecasts.of(forecaster(),
                data.frequency().isPresent() ? rows.withFrequency(data.frequency().get()) : rows);
    }

    private Origins origins(FineTuningData.Series series) {
        return Origins.in(series.validation(), model.config().contextLength(), model.config().outputLength(), 1);
    }

    /**
     * Writes a checkpoint folder, with {@code channels.json} and {@code training.json}: a reader finds all of the previous
     * files or all of these. Existing intervals were calibrated for the previous weights and are removed with them.
     */
    public void save(Path folder) throws IOException {
        save(folder, Map.of());
    }

    /** As {@link #save(Path)}; {@code more} leads {@code training.json}, such as the name of the data. */
    public void save(Path folder, Map<String, ?> more) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>(more);
        json.putAll(record());
        model.save(folder, DType.F32, Map.of(Channels.FILE, channels.json(), RECORD,
                Json.pretty(json).getBytes(StandardCharsets.UTF_8), ConformalIntervals.FILE, new byte[0]));
    }

    private Map<String, Object> record() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("initialized", initialized);
        json.put("channel_mixing", options.channelMixing());
        json.put("frozen", options.frozen().name().toLowerCase(Locale.ROOT));
        json.put("loss",
                model.config().quantileHead().enabled() ? "quantiles" : options.loss().name().toLowerCase(Locale.ROOT));
        json.put("learning_rate", learningRate);
        json.put("batch", options.batch());
        json.put("most_epochs", options.epochs());
        json.put("patience", options.patience());
        json.put("head_dropout", options.headDropout());
        json.put("seed", options.seed());
        json.put("threads", options.threads());
        json.put("best_epoch", bestEpoch());
        json.put("share", share);
        json.put("validation_loss", validationLoss);
        List<Object> rows = new ArrayList<>();
        for (FineTuning.Epoch epoch : epochs) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("epoch", epoch.number());
            if (epoch.number() > 0) row.put("training_loss", epoch.trainingLoss());
            row.put("validation_loss", epoch.validationLoss());
            rows.add(row);
        }
        json.put("epochs", rows);
        return json;
    }
}
