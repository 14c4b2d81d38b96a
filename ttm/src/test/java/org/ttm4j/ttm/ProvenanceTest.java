package org.ttm4j.ttm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.ttm.io.Json;

/** Each bundled model says what it was made from and how: the data sets with their licences, the seed, the commands. */
class ProvenanceTest {
    private static final Path SHARED = Path.of(System.getProperty("ttm4j.shared", "../../shared"));

    /** What the configuration of a run has. */
    private static final List<String> KEYS = List.of("model", "corpus", "validation", "kept_aside", "synthetic",
            "dataset_power", "downsampled", "factors", "flipped", "mixed", "masked", "shortened", "steps", "batch",
            "micro_batch", "threads", "learning_rate", "schedule", "weight_decay", "max_gradient_norm", "average_decay",
            "seed", "validate_every");
    /** The time of the run. */
    private static final Pattern DURATION = Pattern.compile("[0-9.]+ (hours|minutes)");

    static List<String> models() {
        return BundledModels.names().stream().filter(name -> BundledModels.note(name).isEmpty()).toList();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = BundledModels.class.getResourceAsStream("models/" + name)) {
            assertTrue(in != null, "no resource " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The names of the data sets that have one of some roles. Licences, which may hold commas, are in later columns. */
    private static Set<String> datasets(List<String> lines, int column, int roleColumn, String... roles) {
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(cells -> List.of(roles).contains(cells[roleColumn]))
                .map(cells -> cells[column])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyDataSetHasALicence() throws IOException {
        List<String> lines = resource("data.csv").lines().toList();
        assertEquals("dataset,role,resolution_seconds,series,observations,licence,basis", lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            assertTrue(line.matches("[a-z0-9_]+,(training|validation|kept_aside),[0-9 ]+,[0-9]+,[0-9]+,\"?[A-Za-z].*"),
                    line);
        }
        assertEquals(lines.size() - 1, lines.stream().skip(1).map(line -> line.split(",")[0]).distinct().count());
    }

    private static Set<String> names(Object list) {
        Set<String> names = new TreeSet<>();
        for (Object name : (List<?>) list) names.add((String) name);
        return names;
    }

    @ParameterizedTest
    @MethodSource("models")
    void oneRunFromRandomWeightsSaysHowItWasMade(String model) throws IOException {
        Set<String> aside = datasets(resource("data.csv").lines().toList(), 0, 1, "validation", "kept_aside");
        String path = model + "/training.json";
        Map<String, Object> run = Json.parseObject(resource(path).getBytes(StandardCharsets.UTF_8), path);
        for (String key : KEYS) assertTrue(run.containsKey(key), path + " lacks " + key);
        assertFalse(run.containsKey("initial"), path);
        Set<String> kept = names(run.get("validation"));
        assertTrue(!kept.isEmpty() && aside.containsAll(kept),
                path + ": validated on a set that is not kept aside: " + kept);
        kept.addAll(names(run.get("kept_aside")));
        assertTrue(kept.containsAll(aside), path + " keeps aside only " + kept);
        assertTrue(resource(model + "/log.csv").lines().count() > 20, model);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyPageSaysWhatTheModelIs(String model) throws IOException, NoSuchAlgorithmException {
        String page = resource(model + "/README.md");
        for (String command : List.of("bin/ttm corpus", "bin/ttm pretrain")) {
            assertTrue(page.contains(command), model + ": README.md lacks the command " + command);
        }
        for (String named : List.of("public data sets", "`../data.csv`", "`training.json`", "kept aside",
                "\nLooks at evaluation data: ")) {
            assertTrue(page.contains(named), model + ": README.md lacks \"" + named + "\"");
        }
        String time = page.lines().filter(line -> line.startsWith("| time |")).findFirst().orElse("");
        assertTrue(DURATION.matcher(time).find() && time.contains("thread"),
                model + ": README.md lacks the time of its run, or the threads: " + time);
        try (InputStream weights = BundledModels.class.getResourceAsStream("models/" + model + "/model.safetensors")) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(weights.readAllBytes());
            String line = "| weights | `model.safetensors`, SHA-256 `" + HexFormat.of().formatHex(hash) + "` |";
            assertTrue(page.lines().anyMatch(line::equals), model + ": README.md lacks the line " + line);
        }
    }

    @Test
    void noneOfTheDataAreToEvaluateOn() throws IOException {
        Path manifest = SHARED.resolve("data/MANIFEST.csv");
        assumeTrue(Files.exists(manifest), manifest + " is absent");
        List<String> all = Files.readAllLines(manifest);
        Set<String> named = datasets(resource("data.csv").lines().toList(), 0, 1, "training", "validation",
                "kept_aside");
        assertTrue(datasets(all, 1, 0, "eval").stream().noneMatch(named::contains));
    }
}
