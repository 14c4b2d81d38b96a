package org.ttm4j.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What editors show of the properties, and how large the starter may be. */
class MetadataTest {
    @Test
    void everyPropertyIsDescribed() throws IOException {
        String metadata = Files.readString(Path.of("src/main/resources/META-INF/spring-configuration-metadata.json"));
        List<String> described = Pattern.compile("\"name\": \"ttm4j\\.([a-z-]+)\",\\s*\"type\": \"([^\"]+)\"")
                .matcher(metadata)
                .results()
                .map(found -> found.group(1) + " " + found.group(2))
                .toList();
        List<String> properties = Arrays.stream(TtmProperties.class.getRecordComponents())
                .map(part -> part.getName().replaceAll("([A-Z])", "-$1").toLowerCase() + " "
                        + part.getType().getName().replaceFirst("^boolean$", "java.lang.Boolean"))
                .toList();
        assertEquals(properties, described);
    }

    @Test
    void itStaysSmall() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/org/ttm4j/spring"))) {
            long lines = 0;
            for (Path file : files.toList()) lines += Files.readAllLines(file).size();
            assertTrue(lines <= 300, lines + " lines");
        }
    }
}
