package org.ttm4j.ttm.train;

import java.util.List;
import java.util.stream.Collectors;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A stage in the training of a decomposed model: the weights of its three losses, and what is trained. The published order
 * is {@link #TREND}, {@link #RESIDUAL}, {@link #JOINT}, each with a new optimizer; fine-tuning is in the joint stage at once.
 * Immutable.
 *
 * @param name trend, residual, joint or joint_heads
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

    private static final List<Stage> ALL = List.of(TREND, RESIDUAL, JOINT, JOINT_HEADS);

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
     * @throws IllegalArgumentException when the model is not decomposed, or has nothing that the stage trains
     */
    public TtmModel prepare(TtmModel model) {
        if (!model.config().decomposed()) {
            throw new IllegalArgumentException("stage " + name + ": the model is not decomposed, so it has no stages");
        }
        model.freeze("", true);
        // A model without decoder has none to train.
        int found = trained.stream().mapToInt(prefix -> model.freeze(prefix, false)).sum();
        if (found == 0) {
            throw new IllegalArgumentException("stage " + name + ": the model has no parameter of " + trained);
        }
        return model.withLossWeights(trendWeight, residualWeight, jointWeight);
    }
}
