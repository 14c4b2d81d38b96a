package org.ttm4j.ttm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.ttm.io.Json;

/** Each bundled model says what it was made from and how: the data sets with their licences, the seed, the commands. */
class ProvenanceTest {
    private static final Path SHARED = Path.of(System.getProperty("ttm4j.shared", "../../shared"));

    static List<String> models() {
        return BundledModels.names();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = BundledModels.class.getResourceAsStream("models/" + name)) {
            assertTrue(in != null, "no resource " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The names of the data sets that have a role. Licences, which may hold commas, are in later columns. */
    private static Set<String> datasets(List<String> lines, int column, int roleColumn, String role) {
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(cells -> cells[roleColumn].equals(role))
                .map(cells -> cells[column])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyDataSetHasALicence() throws IOException {
        List<String> lines = resource("data.csv").lines().toList();
        assertEquals("dataset,role,resolution_seconds,series,observations,licence", lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            assertTrue(line.matches("[a-z0-9_]+,(training|validation),[0-9 ]+,[0-9]+,[0-9]+,\"?[A-Za-z].*"), line);
        }
        assertEquals(lines.size() - 1, lines.stream().skip(1).map(line -> line.split(",")[0]).distinct().count());
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyModelSaysHowItWasMade(String model) throws IOException {
        Map<String, Object> training = Json
                .parseObject(resource(model + "/training.json").getBytes(StandardCharsets.UTF_8), model);
        for (String key : List.of("corpus", "seed", "steps", "batch", "learning_rate", "synthetic")) {
            assertTrue(training.containsKey(key), model + ": training.json lacks " + key);
        }
        List<String> lines = resource("data.csv").lines().toList();
        Set<String> kept = new TreeSet<>();
        for (Object dataset : (List<?>) training.get("validation")) kept.add((String) dataset);
        assertTrue(!kept.isEmpty() && datasets(lines, 0, 1, "validation").containsAll(kept),
                model + " was validated on a set that is not kept aside: " + kept);
        String page = resource(model + "/README.md");
        for (String command : List.of("bin/ttm corpus", "bin/ttm pretrain")) {
            assertTrue(page.contains(command), model + ": README.md lacks the command " + command);
        }
        for (String named : List.of("public data sets", "../data.csv", "kept aside")) {
            assertTrue(page.contains(named), model + ": README.md lacks \"" + named + "\"");
        }
    }

    @Test
    void theDataAreThoseOfTheCorpusAndNoneToEvaluateOn() throws IOException {
        Path manifest = SHARED.resolve("data/MANIFEST.csv");
        assumeTrue(Files.exists(manifest), manifest + " is absent");
        List<String> all = Files.readAllLines(manifest);
        Set<String> named = datasets(resource("data.csv").lines().toList(), 0, 1, "training");
        named.addAll(datasets(resource("data.csv").lines().toList(), 0, 1, "validation"));
        assertEquals(datasets(all, 1, 0, "pretrain"), named);
        assertTrue(datasets(all, 1, 0, "eval").stream().noneMatch(named::contains));
    }
}
