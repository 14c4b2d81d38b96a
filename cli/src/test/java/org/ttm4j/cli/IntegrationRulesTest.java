package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of {@link HouseRulesTest} for integrations that are not part of the program, by their sources: they run on the class
 * path, where nothing else keeps them from what the library does not export.
 */
class IntegrationRulesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?(org\\.ttm4j(?:\\.[a-z0-9]+)+)",
            Pattern.MULTILINE);
    private static final Pattern EXPORT = Pattern.compile("exports ([a-z0-9.]+);");
    private static final Pattern PRINTS_OR_EXITS = Pattern.compile("System\\.(out|err|exit)|printStackTrace");

    @ParameterizedTest
    @ValueSource(strings = {"flink", "kafka-streams", "spark", "spring"})
    void itUsesWhatIsExportedAndNeitherPrintsNorExits(String integration) throws IOException {
        Set<String> exported = new HashSet<>();
        for (String module : List.of("engine", "autograd", "ttm", "forecast", "data")) {
            String descriptor = Files.readString(ROOT.resolve(module).resolve("src/main/java/module-info.java"));
            EXPORT.matcher(descriptor).results().forEach(export -> exported.add(export.group(1)));
        }
        List<String> breaches = new ArrayList<>();
        boolean isOnTheLibrary = false;
        try (Stream<Path> files = Files.walk(ROOT.resolve("integrations/" + integration + "/src/main/java"))) {
            for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                for (MatchResult found : IMPORT.matcher(source).results().toList()) {
                    isOnTheLibrary = true;
                    if (!exported.contains(found.group(1))) breaches.add(file.getFileName() + ": " + found.group());
                }
                PRINTS_OR_EXITS.matcher(source)
                        .results()
                        .forEach(found -> breaches.add(file.getFileName() + ": " + found.group()));
            }
        }
        assertEquals(List.of(), breaches);
        assertTrue(isOnTheLibrary);
    }
}
