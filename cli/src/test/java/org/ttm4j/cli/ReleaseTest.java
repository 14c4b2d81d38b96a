package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.io.Json;

/** What a release says of itself holds together: the BOM, versions, resources of native images. */
class ReleaseTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(ttm4j[a-z0-9-]*)</artifactId>");

    private static String first(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results().findFirst().orElseThrow().group(1);
    }

    private static String pom(Path folder) throws IOException {
        return Files.readString(folder.resolve("pom.xml"));
    }

    private static List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        for (MatchResult module : Pattern.compile("<module>(.*)</module>").matcher(pom(ROOT)).results().toList()) {
            if (!module.group(1).equals("bom")) modules.add(ROOT.resolve(module.group(1)));
        }
        return modules;
    }

    @Test
    void theBomHasEveryPublishedModule() throws IOException {
        Set<String> published = new TreeSet<>();
        for (Path module : modules()) {
            String pom = pom(module);
            String own = first(pom.substring(pom.indexOf("</parent>")), "<artifactId>(.*)</artifactId>");
            if (!pom.contains("<maven.deploy.skip>true") && !pom.contains("<packaging>pom")) published.add(own);
        }
        String bom = pom(ROOT.resolve("bom"));
        Set<String> named = new TreeSet<>();
        ARTIFACT.matcher(bom.substring(bom.indexOf("<dependencyManagement>")))
                .results()
                .forEach(artifact -> named.add(artifact.group(1)));
        assertEquals(published, named);
    }

    @Test
    void allHaveOneVersion() throws IOException {
        String version = first(pom(ROOT), "^  <version>(.*)</version>$");
        assertEquals(version, first(pom(ROOT.resolve("bom")), "^  <version>(.*)</version>$"));
        for (Path module : modules()) {
            assertEquals(version, first(pom(module), "^    <version>(.*)</version>$"), module.toString());
        }
        String release = version.replace("-SNAPSHOT", "");
        String changes = Files.readString(ROOT.resolve("CHANGELOG.md"));
        assertTrue(changes.contains("## " + release));
        // What people copy names the newest version that there is; before the first one, that one.
        Matcher dated = Pattern.compile("(?m)^## (\\S+) \\(\\d{4}-\\d\\d-\\d\\d\\)").matcher(changes);
        String newest = dated.find() ? dated.group(1) : release;
        assertEquals(Set.of(newest), all("jbang-catalog.json", "org\\.ttm4j:ttm4j-cli:([^\"]*)"));
        assertEquals(Set.of(newest), all("Containerfile", "ttm4j-cli-([0-9].*)-bin\\.zip"));
        // Until then a dependency is what mvn install puts into the local repository.
        String resolved = dated.hasMatch() ? newest : version;
        for (String page : List.of("README.md", "docs/java.md")) {
            assertEquals(Set.of(resolved), all(page, "<artifactId>ttm4j[a-z-]*</artifactId><version>([^<]*)</version>"),
                    page);
        }
        assertEquals(Set.of(resolved), all("README.md", "org\\.ttm4j:ttm4j:([^\"]*)\""));
    }

    private static Set<String> all(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(ROOT.resolve(file)))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    /** The API is what the modules export, which japicmp does not read in their descriptors. */
    @Test
    void whatIsNotExportedIsNotCompared() throws IOException {
        Set<String> internal = new TreeSet<>();
        for (Path module : modules()) {
            Path sources = module.resolve("src/main/java");
            Path descriptor = sources.resolve("module-info.java");
            if (!Files.exists(descriptor)) continue;
            String exports = Files.readString(descriptor);
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.endsWith("package-info.java"))
                        .map(file -> sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.'))
                        .filter(name -> !exports.contains("exports " + name + ";"))
                        .forEach(internal::add);
            }
        }
        assertEquals(internal, new TreeSet<>(all("pom.xml", "<exclude>(org\\.ttm4j\\..*)</exclude>")));
    }

    /** A native image has only those resources that the metadata of a module names. */
    @Test
    void nativeImagesGetEveryResource() throws IOException {
        for (Path module : modules()) {
            Path resources = module.resolve("src/main/resources");
            // Benchmarks run on the JVM alone.
            if (!Files.isDirectory(resources) || module.endsWith("bench")) continue;
            List<Path> files;
            try (Stream<Path> walk = Files.walk(resources)) {
                files = walk.filter(Files::isRegularFile).map(resources::relativize).toList();
            }
            if (files.stream().allMatch(file -> file.startsWith("META-INF"))) continue;
            Path metadata = files.stream()
                    .filter(file -> file.endsWith("reachability-metadata.json"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(module + " has resources and no reachability-metadata.json"));
            List<PathMatcher> globs = new ArrayList<>();
            for (Object entry : (List<?>) Json
                    .parseObject(Files.readAllBytes(resources.resolve(metadata)), metadata.toString())
                    .get("resources")) {
                globs.add(FileSystems.getDefault().getPathMatcher("glob:" + ((Map<?, ?>) entry).get("glob")));
            }
            for (Path file : files) {
                if (file.startsWith("META-INF")) continue;
                assertTrue(globs.stream().anyMatch(glob -> glob.matches(file)), module + ": " + file);
            }
        }
    }
}
