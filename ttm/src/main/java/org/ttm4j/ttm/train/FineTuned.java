package org.ttm4j.ttm.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A fine-tuned model and a record of its training. It shares the model and is as thread-safe as the model.
 *
 * @param model the result
 * @param channels names, roles, means and deviations of the columns that the model was trained on
 * @param options the options of the training
 * @param initialized the prefixes of the parameter names of parts that the pre-trained model did not have, or had for
 *     fewer steps
 * @param learningRate the peak rate, given or found; 0 before it is found
 * @param epochs the model before training as epoch 0, and all epochs
 * @param share the position of the result between the pre-trained weights (0) and those of the best epoch (1)
 * @param validationLoss the validation loss of the result
 */
public record FineTuned(TtmModel model, Channels channels, FineTuningOptions options, List<String> initialized,
        double learningRate, List<FineTuning.Epoch> epochs, double share, double validationLoss) {
    private static final String RECORD = "training.json";

    /** True if training has improved the model so far; otherwise this is the model before training. */
    public boolean improved() {
        return share > 0;
    }

    /** The number of the best epoch; 0 if training has brought no improvement. */
    public int bestEpoch() {
        return epochs.stream().filter(FineTuning.Epoch::best).mapToInt(FineTuning.Epoch::number).max().orElse(0);
    }

    /**
     * Writes a checkpoint folder, with {@code channels.json} and {@code training.json}: a reader finds all of the previous
     * files or all of these. Existing intervals were calibrated for the previous weights and are removed with them.
     */
    public void save(Path folder) throws IOException {
        save(folder, Map.of());
    }

    /** As {@link #save(Path)}, with entries such as the name of the data at the start of {@code training.json}. */
    public void save(Path folder, Map<String, ?> more) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>(more);
        json.putAll(record());
        model.save(folder, DType.F32, Map.of(Channels.FILE, channels.json(), RECORD,
                Json.pretty(json).getBytes(StandardCharsets.UTF_8), Checkpoint.INTERVALS, new byte[0]));
    }

    private Map<String, Object> record() {
        List<Object> rows = new ArrayList<>();
        for (FineTuning.Epoch epoch : epochs) {
            Map<String, Object> row = Json.object("epoch", epoch.number());
            if (epoch.number() > 0) row.put("training_loss", epoch.trainingLoss());
            // Not finite if the weights have diverged.
            row.put("validation_loss", Json.finite(epoch.validationLoss()));
            rows.add(row);
        }
        return Json.object("initialized", initialized, "channel_mixing", options.channelMixing(), "frozen",
                options.frozen().name().toLowerCase(Locale.ROOT), "loss",
                options.loss().name().toLowerCase(Locale.ROOT), "quantile", options.quantile(), "quantile_head",
                model.config().quantileHead().enabled(), "horizon", model.config().outputLength(), "learning_rate",
                learningRate, "batch", options.batch(), "most_epochs", options.epochs(), "patience", options.patience(),
                "head_dropout", options.headDropout(), "seed", options.seed(), "threads", options.threads(),
                "best_epoch", bestEpoch(), "share", share, "validation_loss", validationLoss, "epochs", rows);
    }
}
