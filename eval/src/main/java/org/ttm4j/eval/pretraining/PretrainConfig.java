package org.ttm4j.eval.pretraining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.data.corpus.CorpusWindows;
import org.ttm4j.data.synthetic.SyntheticKind;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.train.Stage;
import org.ttm4j.ttm.train.TrainingPlan;

/**
 * The configuration file of a pre-training run, a JSON object. {@code model} has keys of {@code config.json}; the other
 * keys are the components of this record, and all except {@code corpus} and {@code initial} have a default. Unknown
 * keys are errors, so that a typing error does not waste hours of training. Immutable.
 *
 * @param model the configuration of the model to train
 * @param initial the checkpoint folder with the initial weights; null for random weights
 * @param stage the parameters to train; null to train all, with the loss weights of the model
 * @param corpus the corpus file; null to train only on synthetic series
 * @param validation data sets of the corpus that are used for validation during the run, not for training
 * @param keptAside further data sets of the corpus that are used neither for training nor for validation; their series
 *     may be short
 * @param synthetic the share of synthetic windows
 * @param syntheticKinds the shares of the kinds of synthetic series
 * @param windows how windows are drawn from the corpus
 * @param unknownResolution the share of windows whose resolution token is replaced by "unknown"
 * @param plan the settings of training, of which the seed is that of all random numbers
 * @param validateEvery the number of steps between validations
 * @param patience the validations without a better validation ratio after which training ends; the result has the best
 *     weights. With 0 all steps are trained, and the result has the last weights
 */
public record PretrainConfig(TtmConfig model, Path initial, Stage stage, Path corpus, List<String> validation,
        List<String> keptAside, double synthetic, Map<SyntheticKind, Double> syntheticKinds,
        CorpusWindows.Options windows, double unknownResolution, TrainingPlan plan, long validateEvery, long patience) {

    /** The keys of the file, in alphabetical order. */
    static final Set<String> KEYS = new TreeSet<>(Set.of("model", "initial", "stage", "corpus", "validation",
            "kept_aside", "synthetic", "synthetic_kinds", "dataset_power", "downsampled", "factors", "flipped", "mixed",
            "masked", "shortened", "unknown_resolution", "steps", "batch", "micro_batch", "threads", "learning_rate",
            "schedule", "warm_up", "decay", "weight_decay", "max_gradient_norm", "average_decay", "seed",
            "validate_every", "patience"));

    static final int MOST_BYTES = 1 << 20;

    /**
     * Reads a file and replaces some of its values before they are checked. Relative paths in the file are relative to
     * its folder.
     *
     * @throws org.ttm4j.ttm.io.CheckpointException when it cannot be read or is not a JSON object
     * @throws IllegalArgumentException naming the file and the overrides, the key, what is wrong with it and what was
     *     expected
     */
    public static PretrainConfig read(Path file, PretrainOverrides overrides) throws IOException {
        String source = overrides.describe(file);
        Map<String, Object> json = overrides.applyTo(Json.readObject(file, MOST_BYTES));
        for (String key : json.keySet()) {
            if (KEYS.contains(key)) continue;
            throw new IllegalArgumentException(
                    source + ": unknown key " + key.strip() + "; the keys are " + String.join(", ", KEYS));
        }
        try {
            return new Reader(json).config(file.toAbsolutePath().getParent());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }

    /** Reads values of the expected types. */
    private record Reader(Map<String, Object> json) {
        private static final double LEAST_NORM = 1e-6;
        private static final String KINDS = "an object with shares from 0 to 1, not all 0, of "
                + Arrays.stream(SyntheticKind.values()).map(SyntheticKind::key).collect(Collectors.joining(", "));

        PretrainConfig config(Path folder) {
            TtmConfig model = TtmConfig.fromJson(object("model"));
            String initial = text("initial", null);
            String corpus = text("corpus", null);
            for (String sets : List.of("validation", "kept_aside")) {
                if (corpus == null && !texts(sets).isEmpty()) throw wrong(sets, "no data set without a corpus");
            }
            List<String> validation = texts("validation");
            long patience = whole("patience", 0, 0, Integer.MAX_VALUE);
            if (patience > 0 && (corpus == null || validation.isEmpty())) {
                throw wrong("patience", "0 without a corpus and data sets for validation");
            }
            TrainingPlan defaults = TrainingPlan.defaults();
            long steps = whole("steps", defaults.steps());
            TrainingPlan plan = defaults.withSchedule(schedule(steps), steps)
                    .withBatch((int) whole("batch", defaults.batch(), 1, TrainingPlan.MOST_BATCH),
                            (int) whole("micro_batch", defaults.microBatch(), 1, TrainingPlan.MOST_BATCH))
                    .withThreads((int) whole("threads", defaults.threads(), 1, TrainingPlan.MOST_THREADS))
                    .withSeed(whole("seed", defaults.seed()))
                    .withWeightDecay(share("weight_decay", defaults.weightDecay()))
                    .withMaxGradientNorm(
                            number("max_gradient_norm", defaults.maxGradientNorm(), LEAST_NORM, Double.MAX_VALUE))
                    .withAverageDecay(share("average_decay", defaults.averageDecay()));
            return new PretrainConfig(model, initial == null ? null : folder.resolve(initial), stage(model),
                    corpus == null ? null : folder.resolve(corpus), validation, texts("kept_aside"),
                    share("synthetic", corpus == null ? 1 : 0.3), kinds(), windows(model),
                    share("unknown_resolution", 0.2), plan, whole("validate_every", 500), patience);
        }

        private Map<SyntheticKind, Double> kinds() {
            if (!json.containsKey("synthetic_kinds")) return SyntheticKind.DEFAULT_SHARES;
            Map<SyntheticKind, Double> shares = new EnumMap<>(SyntheticKind.class);
            object("synthetic_kinds").forEach((name, value) -> {
                SyntheticKind kind = Arrays.stream(SyntheticKind.values())
                        .filter(one -> one.key().equals(name))
                        .findFirst()
                        .orElse(null);
                double share = value instanceof Number number ? number.doubleValue() : -1;
                if (kind == null || share < 0 || share > 1) throw wrong("synthetic_kinds", KINDS);
                shares.put(kind, share);
            });
            if (shares.values().stream().noneMatch(share -> share > 0)) throw wrong("synthetic_kinds", KINDS);
            return shares;
        }

        private Stage stage(TtmConfig model) {
            String name = text("stage", null);
            if (name == null) return null;
            Stage stage = Stage.of(name);
            if (model.decomposed() == (stage == Stage.QUANTILES)) {
                throw wrong("stage",
                        model.decomposed()
                                ? "one of a decomposed model"
                                : "quantiles or none, as the model is not decomposed");
            }
            return stage;
        }

        private CorpusWindows.Options windows(TtmConfig model) {
            CorpusWindows.Options defaults = CorpusWindows.Options.defaults(model.contextLength(),
                    model.outputLength());
            return new CorpusWindows.Options(defaults.context(), defaults.horizon(),
                    number("dataset_power", defaults.datasetPower(), 0, CorpusWindows.MOST_POWER),
                    share("downsampled", defaults.downsampled()), factors(defaults.factors()),
                    share("flipped", defaults.flipped()), share("mixed", defaults.mixed()),
                    share("masked", defaults.masked()), share("shortened", defaults.shortened()));
        }

        private Schedule schedule(long steps) {
            double rate = share("learning_rate", 2e-3);
            long warmUp = whole("warm_up", 500);
            Object name = json.getOrDefault("schedule", "one_cycle");
            if ("one_cycle".equals(name)) return Schedule.oneCycle(rate, steps);
            if ("cosine".equals(name)) return Schedule.cosineWithWarmup(rate, rate / 1000, warmUp, steps);
            if ("warmup_stable_decay".equals(name)) {
                return Schedule.warmupStableDecay(rate, warmUp, whole("decay", Math.max(1, steps / 5), 1, steps),
                        steps);
            }
            throw wrong("schedule", "\"one_cycle\", \"cosine\" or \"warmup_stable_decay\"");
        }

        private int[] factors(int[] otherwise) {
            if (!json.containsKey("factors")) return otherwise;
            if (!(json.get("factors") instanceof List<?> list)) throw wrong("factors", "a list of whole numbers");
            return list.stream().mapToInt(factor -> {
                if (factor instanceof Long whole && whole >= 2 && whole <= 10_000) return whole.intValue();
                throw wrong("factors", "whole numbers from 2 to 10,000");
            }).toArray();
        }

        private Map<String, Object> object(String key) {
            if (!(json.getOrDefault(key, Map.of()) instanceof Map<?, ?> value)) throw wrong(key, "an object");
            Map<String, Object> object = new LinkedHashMap<>();
            value.forEach((name, entry) -> object.put((String) name, entry));
            return object;
        }

        private List<String> texts(String key) {
            if (json.getOrDefault(key, List.of()) instanceof List<?> list
                    && list.stream().allMatch(String.class::isInstance)) {
                return list.stream().map(String.class::cast).toList();
            }
            throw wrong(key, "a list of names");
        }

        private String text(String key, String otherwise) {
            Object value = json.getOrDefault(key, otherwise);
            if (value != null && !(value instanceof String)) throw wrong(key, "a text");
            return (String) value;
        }

        private long whole(String key, long otherwise) {
            return whole(key, otherwise, 1, Integer.MAX_VALUE);
        }

        private long whole(String key, long otherwise, long least, long most) {
            Object value = json.getOrDefault(key, otherwise);
            if (value instanceof Long whole && whole >= least && whole <= most) return whole;
            throw wrong(key, "a whole number from " + least + " to " + most);
        }

        private double number(String key, double otherwise, double least, double most) {
            Object value = json.getOrDefault(key, otherwise);
            double number = value instanceof Number of ? of.doubleValue() : Double.NaN;
            if (number >= least && number <= most) return number;
            throw wrong(key, "a number from " + least + " to " + most);
        }

        private double share(String key, double otherwise) {
            return number(key, otherwise, 0, 1);
        }

        private IllegalArgumentException wrong(String key, String expected) {
            return new IllegalArgumentException(
                    "key " + key + ": expected " + expected + ", found " + Json.compact(json.get(key)));
        }
    }
}
