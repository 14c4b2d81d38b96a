package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A test class that starts more than its own JVM has a tag that says so, by which {@code mvn verify} leaves it out: itself,
 * or by a class beside it that does.
 */
class TagsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TEST = Pattern.compile("(?m)^    @(Test|ParameterizedTest|TestFactory)\\b");
    /** Programs beside the tests, as what they start no test does, and this class, which only names it. */
    private static final Pattern PROGRAM = Pattern.compile(".*(Example|Soak)|TagsTest");
    /** What starts something, and the tags of which one is enough. */
    private static final Map<Pattern, List<String>> STARTS = Map.of(Pattern.compile("new ProcessBuilder\\(|\\.exec\\("),
            List.of("process", "browser", "server", "engine"), Pattern.compile("new ChromeDriver\\("),
            List.of("browser"), Pattern.compile("SparkSession|StreamExecutionEnvironment|TableEnvironment|MiniCluster"),
            List.of("engine"));

    @Test
    void whatStartsMoreThanItsJvmHasATag() throws IOException {
        Set<String> untagged = new TreeSet<>();
        int starting = 0;
        for (Path folder : testFolders()) {
            Map<String, String> sources = sources(folder);
            for (var start : STARTS.entrySet()) {
                for (String name : reaching(sources, start.getKey())) {
                    String source = sources.get(name);
                    if (!TEST.matcher(source).find()) continue;
                    starting++;
                    boolean tagged = start.getValue()
                            .stream()
                            .anyMatch(tag -> source.contains("@Tag(\"" + tag + "\")"));
                    if (!tagged) untagged.add(folder + ": " + name + " needs one of the tags " + start.getValue());
                }
            }
        }
        assertEquals(Set.of(), untagged);
        assertTrue(starting > 20, "only " + starting + " were found");
    }

    private static List<Path> testFolders() throws IOException {
        try (Stream<Path> folders = Files.walk(ROOT, 5)) {
            return folders.filter(folder -> folder.endsWith("src/test/java")).toList();
        }
    }

    private static Map<String, String> sources(Path folder) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return sources;
    }

    /** The classes that hold the pattern, and those that name one of these, or a member of it where it is a test. */
    private static Set<String> reaching(Map<String, String> sources, Pattern pattern) {
        Set<String> reaching = new TreeSet<>();
        List<Pattern> next = new ArrayList<>(List.of(pattern));
        while (!next.isEmpty()) {
            Pattern wanted = next.remove(0);
            sources.forEach((name, source) -> {
                if (PROGRAM.matcher(name).matches() || !wanted.matcher(source).find() || !reaching.add(name)) return;
                next.add(Pattern.compile("\\b" + name + (TEST.matcher(source).find() ? "\\.\\w" : "\\b")));
            });
        }
        return reaching;
    }
}
