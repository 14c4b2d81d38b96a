package org.ttm4j.ttm.verification;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.train.Stage;

/**
 * The losses of a recorded training, and its stages; without stages, all parameters are trained together.
 *
 * @param losses the loss before each step, of all stages in their order
 * @param stages the stages in their order; may be empty
 */
record RecordedTraining(double[] losses, List<Part> stages) {
    private static final String LOSSES = "loss_before_each_step";
    private static final String STAGES = "stages";
    private static final String WEIGHTS = "weights_trend_residual_joint";
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_LOSSES = 1000;

    /** A number of steps in a stage. */
    record Part(Stage stage, int steps) {}

    static RecordedTraining read(Path file) throws CheckpointException {
        Map<String, ?> json = Json.readObject(file, MAX_BYTES);
        double[] losses = numbers(file, json.get(LOSSES), LOSSES, MAX_LOSSES);
        List<Part> parts = new ArrayList<>();
        if (json.get(STAGES) == null) return new RecordedTraining(losses, parts);
        if (!(json.get(STAGES) instanceof List)) throw wrong(file, STAGES, "a list");
        int all = 0;
        for (Object stage : (List<?>) json.get(STAGES)) {
            if (!(stage instanceof Map)) throw wrong(file, STAGES, "a list of objects");
            Part part = part(file, (Map<?, ?>) stage);
            parts.add(part);
            all += part.steps;
        }
        if (all != losses.length) throw wrong(file, STAGES, "steps that sum to the number of losses, " + losses.length);
        return new RecordedTraining(losses, parts);
    }

    private static Part part(Path file, Map<?, ?> json) throws CheckpointException {
        double[] weights = numbers(file, json.get(WEIGHTS), WEIGHTS, 3);
        boolean counted = json.get("steps") instanceof Long && (Long) json.get("steps") >= 0
                && (Long) json.get("steps") <= MAX_LOSSES;
        if (!counted) throw wrong(file, "steps", "a number from 0 to " + MAX_LOSSES);
        boolean named = json.get("stage") instanceof String && json.get("trained") instanceof List;
        if (!named || weights.length != 3) throw wrong(file, STAGES, "stages with a name, three weights and prefixes");
        List<String> trained = new ArrayList<>();
        for (Object prefix : (List<?>) json.get("trained")) {
            if (!(prefix instanceof String)) throw wrong(file, "trained", "a list of strings");
            trained.add((String) prefix);
        }
        Stage stage = new Stage((String) json.get("stage"), weights[0], weights[1], weights[2], trained);
        return new Part(stage, (int) (long) (Long) json.get("steps"));
    }

    private static double[] numbers(Path file, Object value, String key, int most) throws CheckpointException {
        if (!(value instanceof List) || ((List<?>) value).size() > most) {
            throw wrong(file, key, "a list of at most " + most + " numbers");
        }
        List<?> list = (List<?>) value;
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Number)) {
                throw new CheckpointException(file.toString(), "key " + key + ": element " + i + " is no number");
            }
            numbers[i] = ((Number) list.get(i)).doubleValue();
        }
        return numbers;
    }

    private static CheckpointException wrong(Path file, String key, String expected) {
        return new CheckpointException(file.toString(), "key " + key + ": expected " + expected);
    }
}
