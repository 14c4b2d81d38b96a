package org.ttm4j.ttm.train;

import java.util.List;
import java.util.stream.Collectors;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A stage of training: which parameters are trained and, for a decomposed model, the weights of its three losses. The
 * published order is {@link #TREND}, {@link #RESIDUAL}, {@link #JOINT}, each with a new optimiser; fine-tuning uses
 * only the joint stage. Other models have the stage {@link #QUANTILES}. Immutable.
 *
 * @param name trend, residual, joint, joint_heads or quantiles
 * @param trendWeight weight of the trend's loss
 * @param residualWeight weight of the residual's loss
 * @param jointWeight weight of the loss of their sum
 * @param trained prefixes of the parameters that are trained; all others are frozen, so that weight decay does not
 *     change them
 */
public record Stage(String name, double trendWeight, double residualWeight, double jointWeight, List<String> trained) {
    /** The trend forecaster alone. */
    public static final Stage TREND = new Stage("trend", 1, 0, 0, List.of("trend_forecaster."));
    /** The residual forecaster alone. */
    public static final Stage RESIDUAL = new Stage("residual", 0, 1, 0, List.of("residual_forecaster."));
    /** Both forecasters, mainly for their sum. */
    public static final Stage JOINT = new Stage("joint", 0.1, 0.1, 1, List.of(""));
    /** As {@link #JOINT}, but trains only decoder and head of each forecaster, without the quantile heads. */
    public static final Stage JOINT_HEADS = new Stage("joint_heads", 0.1, 0.1, 1, List.of("trend_forecaster.decoder.",
            "trend_forecaster.head.", "residual_forecaster.decoder.", "residual_forecaster.head."));

    /** For other models: trains only the quantile head. With {@code mq_q50_type} mean, the forecast does not change. */
    public static final Stage QUANTILES = new Stage("quantiles", 0, 0, 0, List.of("multi_quantile_head_block."));

    private static final List<Stage> ALL = List.of(TREND, RESIDUAL, JOINT, JOINT_HEADS, QUANTILES);

    /** Copies the list. */
    public Stage {
        trained = List.copyOf(trained);
    }

    /**
     * The stage with a name.
     *
     * @throws IllegalArgumentException listing the stages when there is none with this name
     */
    public static Stage of(String name) {
        return ALL.stream()
                .filter(stage -> stage.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage is called " + name + ": there are "
                        + ALL.stream().map(Stage::name).collect(Collectors.joining(", "))));
    }

    /**
     * The model for a {@link Trainer}: it shares the parameters of the given one, has the loss weights of the stage,
     * and all parameters that the stage does not train are frozen.
     *
     * @throws IllegalArgumentException when only one of stage and model is decomposed, or when the model has no
     *     parameter that the stage trains
     */
    public TtmModel prepare(TtmModel model) {
        boolean decomposed = model.config().decomposed();
        if (decomposed == name.equals(QUANTILES.name)) {
            throw new IllegalArgumentException(
                    "stage " + name + ": the model is " + (decomposed ? "" : "not ") + "decomposed");
        }
        model.freeze("", true);
        // A prefix may match nothing: a model may have no decoder.
        int found = trained.stream().mapToInt(prefix -> model.freeze(prefix, false)).sum();
        if (found == 0) {
            throw new IllegalArgumentException("stage " + name + ": the model has no parameter of " + trained);
        }
        return decomposed ? model.withLossWeights(trendWeight, residualWeight, jointWeight) : model;
    }
}
