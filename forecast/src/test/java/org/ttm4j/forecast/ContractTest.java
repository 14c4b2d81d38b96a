package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much an embedding program has to know. */
class ContractTest {
    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void aForecasterHasFewAbstractMethods() {
        List<String> methods = Arrays.stream(Forecaster.class.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(method -> method.getName())
                .toList();
        assertTrue(methods.size() <= 3, methods.toString());
    }

    @Test
    void aProgramSeesFewTypes() throws IOException {
        List<String> exported = Files.readAllLines(SOURCES.resolve("module-info.java"))
                .stream()
                .map(String::strip)
                .filter(line -> line.startsWith("exports "))
                .map(line -> line.substring("exports ".length(), line.length() - 1))
                .toList();
        long all = 0;
        for (String name : exported) all += publicTypes(name);
        long own = publicTypes("org.ttm4j.forecast");
        System.out.printf("%d public types in %s, %d of them in org.ttm4j.forecast%n", all, exported, own);
        assertTrue(all <= 60, all + " public types");
        assertTrue(own <= 25, own + " public types in the package of Forecaster");
    }

    private static long publicTypes(String name) throws IOException {
        long count = 0;
        try (Stream<Path> files = Files.list(SOURCES.resolve(name.replace('.', File.separatorChar)))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                String type = file.getFileName().toString().replace(".java", "");
                if (type.equals("package-info")) continue;
                count += publicTypes(load(name + "." + type));
            }
        }
        return count;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long publicTypes(Class<?> type) {
        if (!Modifier.isPublic(type.getModifiers())) return 0;
        return 1 + Arrays.stream(type.getDeclaredClasses()).mapToLong(ContractTest::publicTypes).sum();
    }
}
