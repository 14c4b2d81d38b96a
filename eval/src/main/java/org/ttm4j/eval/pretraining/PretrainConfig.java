package org.ttm4j.eval.pretraining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.data.corpus.CorpusWindows;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.train.TrainingPlan;

/**
 * The file that describes a pre-training run: one JSON object. {@code model} holds keys of {@code config.json}; the
 * others are the record's components under their JSON names, all but {@code corpus} and {@code initial} with a default. Unknown keys are
 * errors, so that a slip of the pen does not train for hours on a default.
 *
 * @param model what to train
 * @param initial the checkpoint folder whose weights to start from; null starts from random ones
 * @param corpus the corpus file; null trains on synthetic series alone
 * @param validation data sets of the corpus that are kept aside to measure on
 * @param synthetic share of windows that are synthetic
 * @param windows how windows are drawn from the corpus
 * @param unknownResolution share of windows whose resolution token is replaced by "unknown"
 * @param plan how to train
 * @param seed of everything that is drawn
 * @param validateEvery steps from one validation to the next
 * @param patience validations without a better validation ratio after which training ends, and its best weights are the
 *     result; 0 trains to the end and keeps the last
 */
public record PretrainConfig(TtmConfig model, Path initial, Path corpus, List<String> validation, double synthetic,
        CorpusWindows.Options windows, double unknownResolution, TrainingPlan plan, long seed, long validateEvery,
        long patience) {

    private static final Set<String> KEYS = Set.of("model", "initial", "corpus", "validation", "synthetic",
            "dataset_power", "downsampled", "factors", "flipped", "mixed", "masked", "shortened", "unknown_resolution",
            "steps", "batch", "micro_batch", "threads", "learning_rate", "schedule", "warm_up", "weight_decay",
            "max_gradient_norm", "average_decay", "seed", "validate_every", "patience");

    /** Reads a file; relative paths in it are relative to its folder. */
    public static PretrainConfig read(Path file) throws IOException {
        Map<String, Object> json = Json.parseObject(Files.readAllBytes(file), file.toString());
        for (String key : json.keySet()) {
            if (KEYS.contains(key)) continue;
            throw new IllegalArgumentException(
                    file + ": unknown key " + key.strip() + "; the keys are " + String.join(", ", new TreeSet<>(KEYS)));
        }
        try {
            return new Reader(json).config(file.toAbsolutePath().getParent());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Typed access to the keys. */
    private record Reader(Map<String, Object> json) {

        PretrainConfig config(Path folder) {
            TtmConfig model = TtmConfig.fromJson(object("model"));
            String initial = text("initial", null);
            String corpus = text("corpus", null);
            List<String> validation = texts("validation");
            long patience = whole("patience", 0, 0);
            if (patience > 0 && (corpus == null || validation.isEmpty())) {
                throw wrong("patience", "0 without a corpus and data sets for validation");
            }
            long seed = whole("seed", 1);
            long steps = whole("steps", 2000);
            CorpusWindows.Options windows = new CorpusWindows.Options(model.contextLength(), model.outputLength(),
                    number("dataset_power", 0.5), share("downsampled", 0.5), factors(), share("flipped", 0.1),
                    share("mixed", 0.1), share("masked", 0.1), share("shortened", 0.05));
            TrainingPlan plan = new TrainingPlan(steps, (int) whole("batch", 384), (int) whole("micro_batch", 32),
                    (int) whole("threads", Runtime.getRuntime().availableProcessors()), seed, schedule(steps),
                    number("weight_decay", 0.01), number("max_gradient_norm", 1), share("average_decay", 0.999));
            return new PretrainConfig(model, initial == null ? null : folder.resolve(initial),
                    corpus == null ? null : folder.resolve(corpus), validation,
                    share("synthetic", corpus == null ? 1 : 0.3), windows, share("unknown_resolution", 0.2), plan, seed,
                    whole("validate_every", 500), patience);
        }

        private Schedule schedule(long steps) {
            double rate = number("learning_rate", 2e-3);
            String name = text("schedule", "one_cycle");
            if (name.equals("one_cycle")) return Schedule.oneCycle(rate, steps);
            if (name.equals("cosine"))
                return Schedule.cosineWithWarmup(rate, rate / 1000, whole("warm_up", 500), steps);
            throw new IllegalArgumentException("schedule: expected one_cycle or cosine, found " + name);
        }

        private int[] factors() {
            Object value = json.getOrDefault("factors", List.of(2L, 3L, 4L, 5L, 6L));
            if (!(value instanceof List)) throw wrong("factors", "a list of whole numbers");
            List<Integer> factors = new ArrayList<>();
            for (Object factor : (List<?>) value) {
                if (!(factor instanceof Long) || (Long) factor < 2 || (Long) factor > 10_000) {
                    throw wrong("factors", "whole numbers from 2 to 10,000");
                }
                factors.add(((Long) factor).intValue());
            }
            return factors.stream().sorted().mapToInt(i -> i).toArray();
        }

        private Map<String, Object> object(String key) {
            Map<String, Object> object = new LinkedHashMap<>();
            Object value = json.getOrDefault(key, Map.of());
            if (!(value instanceof Map)) throw wrong(key, "an object");
            ((Map<?, ?>) value).forEach((name, entry) -> object.put((String) name, entry));
            return object;
        }

        private List<String> texts(String key) {
            Object value = json.getOrDefault(key, List.of());
            if (!(value instanceof List)) throw wrong(key, "a list of names");
            List<String> texts = new ArrayList<>();
            for (Object text : (List<?>) value) {
                if (!(text instanceof String)) throw wrong(key, "a list of names");
                texts.add((String) text);
            }
            return texts;
        }

        private String text(String key, String otherwise) {
            Object value = json.getOrDefault(key, otherwise);
            if (value != null && !(value instanceof String)) throw wrong(key, "a text");
            return (String) value;
        }

        private long whole(String key, long otherwise) {
            return whole(key, otherwise, 1);
        }

        private long whole(String key, long otherwise, long least) {
            Object value = json.getOrDefault(key, otherwise);
            if (!(value instanceof Long) || (Long) value < least || (Long) value > Integer.MAX_VALUE) {
                throw wrong(key, "a whole number of at least " + least);
            }
            return (Long) value;
        }

        private double number(String key, double otherwise) {
            Object value = json.getOrDefault(key, otherwise);
            if (!(value instanceof Number) || ((Number) value).doubleValue() < 0) throw wrong(key, "a number ≥ 0");
            return ((Number) value).doubleValue();
        }

        private double share(String key, double otherwise) {
            double value = number(key, otherwise);
            if (value > 1) throw wrong(key, "a number from 0 to 1");
            return value;
        }

        private IllegalArgumentException wrong(String key, String expected) {
            return new IllegalArgumentException(
                    "key " + key + ": expected " + expected + ", found " + Json.compact(json.get(key)));
        }
    }
}
