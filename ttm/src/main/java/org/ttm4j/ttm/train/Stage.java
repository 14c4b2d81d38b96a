package org.ttm4j.ttm.train;

import java.util.List;
import java.util.stream.Collectors;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A stage of a training. Those of a decomposed model are the weights of its three losses, and what is trained: the published
 * order is {@link #TREND}, {@link #RESIDUAL}, {@link #JOINT}, each with a new optimizer; fine-tuning is in the joint stage at
 * once. Other models have {@link #QUANTILES}. Immutable.
 *
 * @param name trend, residual, joint, joint_heads or quantiles
 * @param trendWeight weight of the trend's loss
 * @param residualWeight weight of the residual's loss
 * @param jointWeight weight of the loss of their sum
 * @param trained prefixes of the parameters that are trained; all others are frozen, so that weight decay does not move them
 */
public record Stage(String name, double trendWeight, double residualWeight, double jointWeight, List<String> trained) {
    /** The trend forecaster alone. */
    public static final Stage TREND = new Stage("trend", 1, 0, 0, List.of("trend_forecaster."));
    /** The residual forecaster alone. */
    public static final Stage RESIDUAL = new Stage("residual", 0, 1, 0, List.of("residual_forecaster."));
    /** Both, for their sum above all. */
    public static final Stage JOINT = new Stage("joint", 0.1, 0.1, 1, List.of(""));
    /** As {@link #JOINT}, but of each forecaster only decoder and head; the quantile heads stay as they are. */
    public static final Stage JOINT_HEADS = new Stage("joint_heads", 0.1, 0.1, 1, List.of("trend_forecaster.decoder.",
            "trend_forecaster.head.", "residual_forecaster.decoder.", "residual_forecaster.head."));

    /** Of a model that is not decomposed, the quantile head alone; the forecast stays as it is. */
    public static final Stage QUANTILES = new Stage("quantiles", 0, 0, 0, List.of("multi_quantile_head_block."));

    private static final List<Stage> ALL = List.of(TREND, RESIDUAL, JOINT, JOINT_HEADS, QUANTILES);

    /** Copies the list. */
    public Stage {
        trained = List.copyOf(trained);
    }

    /**
     * The stage of a name.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Stage of(String name) {
        return ALL.stream()
                .filter(stage -> stage.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage is called " + name + ": there are "
                        + ALL.stream().map(Stage::name).collect(Collectors.joining(", "))));
    }

    /**
     * The model to give to a {@link Trainer}: it shares the parameters of the given one, has the stage's weights, and all but
     * what the stage trains is frozen.
     *
     * @throws IllegalArgumentException when the stage is of decomposed models and this is none, or the other way round, or when
     *     the model has nothing that the stage trains
     */
    public TtmModel prepare(TtmModel model) {
        boolean decomposed = model.config().decomposed();
        if (decomposed == name.equals(QUANTILES.name)) {
            throw new IllegalArgumentException(
                    "stage " + name + ": the model is " + (decomposed ? "" : "not ") + "decomposed");
        }
        model.freeze("", true);
        // A model without decoder has none to train.
        int found = trained.stream().mapToInt(prefix -> model.freeze(prefix, false)).sum();
        if (found == 0) {
            throw new IllegalArgumentException("stage " + name + ": the model has no parameter of " + trained);
        }
        return decomposed ? model.withLossWeights(trendWeight, residualWeight, jointWeight) : model;
    }
}
