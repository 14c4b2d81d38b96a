package org.ttm4j.ttm.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.ttm.Channels;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.ConformalOptions;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.rolling.Calibration;

/**
 * A fine-tuned model and how it was made.
 *
 * @param model the result
 * @param channels what it knows of its columns
 * @param options as given
 * @param initialized parts that the pre-trained model did not have, by the names their parameters begin with
 * @param learningRate the peak rate, given or found; 0 while it is still being found
 * @param epochs from 0, the model before training
 * @param share of the way from the pre-trained weights to those of the best epoch
 * @param validationLoss of the result
 */
public record FineTuned(TtmModel model, Channels channels, FineTuningOptions options, List<String> initialized,
        double learningRate, List<FineTuning.Epoch> epochs, double share, double validationLoss) {
    private static final String RECORD = "training.json";

    /** A forecaster that takes and gives original units. */
    public Forecaster forecaster() {
        return Forecaster.of(model, channels);
    }

    /** Number of the best epoch; 0 when training brought no improvement. */
    public int bestEpoch() {
        int best = 0;
        for (FineTuning.Epoch epoch : epochs) if (epoch.best()) best = epoch.number();
        return best;
    }

    /**
     * The deciles of the forecasts, from the errors on the validation rows of the only series. Written beside the model
     * they come with its forecasts: {@code tuned.intervals(data).write(folder)}. Gaps in what is known of the future are
     * filled, as in training.
     *
     * @param data what the model was fine-tuned on
     * @throws IllegalArgumentException when there are several series, or too few windows, with how many are needed
     */
    public ConformalIntervals intervals(FineTuningData data) {
        if (data.series().size() > 1) {
            throw new IllegalArgumentException(
                    "intervals hold the errors of one series, there are " + data.series().size());
        }
        FineTuningData.Series series = data.series().get(0);
        float[][] values = series.values().clone();
        if (model.config().usesExogenous()) {
            for (int c : model.config().exogenousChannels()) values[c] = RowWindows.filled(values[c]);
        }
        ForecastRequest rows = ForecastRequest.of(values);
        if (data.frequency() != null) rows = rows.withFrequency(data.frequency());
        if (series.categories() != null) rows = rows.withCategories(series.categories());
        int from = series.validation().from() + model.config().contextLength();
        return Calibration.on(forecaster(), rows, from, series.validation().to(), 1, ConformalIntervals.deciles(),
                ConformalOptions.defaults());
    }

    /**
     * Writes a checkpoint folder, with {@code channels.json} and {@code training.json}. Intervals that are there are those
     * of another model and are deleted.
     */
    public void save(Path folder) throws IOException {
        save(folder, Map.of());
    }

    /** As {@link #save(Path)}; {@code more} leads {@code training.json}, such as the name of the data. */
    public void save(Path folder, Map<String, ?> more) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>(more);
        json.putAll(record());
        Files.deleteIfExists(folder.resolve(ConformalIntervals.FILE));
        model.save(folder, DType.F32,
                Map.of(Channels.FILE, channels.json(), RECORD, Json.pretty(json).getBytes(StandardCharsets.UTF_8)));
    }

    private Map<String, Object> record() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("initialized", initialized);
        json.put("channel_mixing", options.channelMixing());
        json.put("frozen", options.freezeBackbone() ? "backbone" : "none");
        json.put("loss", options.loss().name().toLowerCase(Locale.ROOT));
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
