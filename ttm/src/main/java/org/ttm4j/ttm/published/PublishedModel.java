package org.ttm4j.ttm.published;

import java.io.IOException;
import java.nio.file.Path;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A published checkpoint of the third generation. Immutable.
 *
 * @param context L
 * @param horizon H
 * @param residualContext context of the residual forecaster of a decomposed model; 0 for a single forecaster
 * @param lite whether it is the lite checkpoint of this shape
 */
public record PublishedModel(int context, int horizon, int residualContext, boolean lite) {

    /** Such as {@code 512-96-dec-512-r3} or {@code 2048-720-lite-r3}. */
    public String name() {
        return context + "-" + horizon + (decomposed() ? "-dec-" + residualContext : "") + (lite ? "-lite" : "")
                + "-r3";
    }

    /** Whether it has a trend and a residual forecaster. */
    public boolean decomposed() {
        return residualContext > 0;
    }

    /**
     * The model in the folder of its name, for forecasts of so many steps: like the reference, it computes no more than
     * these, which shows in its quantiles.
     *
     * @param root the folder that holds the checkpoints
     * @throws CheckpointException when the folder holds no checkpoint, or one of another shape
     * @throws IllegalArgumentException when {@code steps} is below 1, or below 2 for a model with a quantile head, whose
     *     normalisation over the steps needs two
     */
    public TtmModel load(Path root, int steps) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(root.resolve(name()));
        TtmConfig config = checkpoint.config();
        if (config.contextLength() != context || config.predictionLength() != horizon
                || config.decomposed() != decomposed()) {
            throw new CheckpointException(checkpoint.source(), "config.json describes " + config.contextLength() + "-"
                    + config.predictionLength() + (config.decomposed() ? " decomposed" : "") + "; expected " + name());
        }
        TtmConfig kept = config.toBuilder().predictionFilterLength(Math.min(steps, horizon)).build();
        return TtmModel.of(new Checkpoint(checkpoint.source(), kept, checkpoint.tensors()));
    }
}
